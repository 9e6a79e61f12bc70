"""The pages of approvals: what waits for whom, one decision, and who answers for whom."""

from __future__ import annotations

from starlette.routing import Route

from muniment.web.approvals import deciding, delegations, listing, showing

__all__ = ["routes"]


def routes() -> list[Route]:
    """List the pages of approvals."""
    return [
        *listing.routes(),
        *delegations.routes(),
        *deciding.routes(),
        *showing.routes(),
    ]
