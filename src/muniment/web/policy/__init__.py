"""The pages of policy: versions, the editor, what would change, decisions explained."""

from __future__ import annotations

from starlette.routing import Route

from muniment.web.policy import acting, deciding, editing, listing, showing

__all__ = ["routes"]


def routes() -> list[Route]:
    """List every page of policy."""
    return [
        *editing.routes(),
        *deciding.routes(),
        *listing.routes(),
        *acting.routes(),
        *showing.routes(),
    ]
