"""The doors put together."""

from __future__ import annotations

import pytest

from muniment.server import House
from tests.server.asking import Known, ask


@pytest.mark.parametrize("path", ["/", "/console"])
def test_the_front_leads_to_the_first_page(house: House, path: str) -> None:
    """Whoever types the bare address arrives at a page that exists."""
    app = Known(house)
    sent = ask(app, path)
    while sent.status == 307:
        page = ask(app, sent.headers["location"], headers={"accept": "text/html"})
        sent = page
    assert page.status == 200
    assert page.headers["content-type"].startswith("text/html")
