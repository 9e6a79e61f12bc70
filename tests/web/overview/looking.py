"""Looking at the first page as somebody."""

from __future__ import annotations

from tests.exchanges.calling import Calling
from tests.server.asking import Answer, ask


def overview(calls: Calling, role: str) -> Answer:
    """Look at the first page as somebody who holds a role."""
    headers = {"accept": "text/html", **calls.who(role).headers}
    return ask(calls.there.app, "/console/overview", headers=headers)
