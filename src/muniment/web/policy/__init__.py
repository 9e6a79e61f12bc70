"""The pages of policy: versions, the editor, decisions explained, written policies."""

from __future__ import annotations

from starlette.routing import Route

from muniment.web.policy import acting, deciding, editing, listing, showing, writing, written

__all__ = ["routes"]


def routes() -> list[Route]:
    """List every page of policy."""
    return [
        *editing.routes(),
        *deciding.routes(),
        *listing.routes(),
        *writing.routes(),
        *written.routes(),
        *acting.routes(),
        *showing.routes(),
    ]
