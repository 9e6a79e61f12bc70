"""The pages of notices: one's inbox and how one is reached; channels, routes and what left."""

from __future__ import annotations

from starlette.routing import Route

from muniment.web.notices import channels, inbox, mine, routing, trying

__all__ = ["routes"]


def routes() -> list[Route]:
    """List the pages of notices; fixed names come before ids."""
    return [
        *inbox.fixed_routes(),
        *mine.routes(),
        *trying.routes(),
        *channels.routes(),
        *routing.routes(),
        *inbox.routes(),
    ]
