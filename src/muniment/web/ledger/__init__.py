"""The ledger's pages: what was recorded, one entry with its proof, and how to check them all.

The list, its exports, an entry and the keys are each a module. Nothing is changed here: every page
is a GET, and what a form asks stands in its address.
"""

from __future__ import annotations

from starlette.routing import Route

from muniment.web.gate import behind
from muniment.web.ledger import checking, listing, showing

__all__ = ["routes"]


def routes() -> list[Route]:
    """List the pages of the ledger, each behind its permission."""
    return [
        *behind("ledger.read", "ledger", listing.routes()),
        *behind("ledger.prove", "ledger", checking.routes()),
        *behind("ledger.read", "ledger", showing.routes()),
    ]
