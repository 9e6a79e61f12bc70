"""The pages of calls: the list, one call drawn as its corridor, the live view, limits, stops."""

from __future__ import annotations

from starlette.routing import Route

from muniment.web.exchanges import disputing, limiting, listing, living, pricing, showing, stopping

__all__ = ["routes"]


def routes() -> list[Route]:
    """List every page of calls; those of one call stand last, for they take any id."""
    return [
        *living.routes(),
        *limiting.routes(),
        *stopping.routes(),
        *pricing.routes(),
        *listing.routes(),
        *disputing.routes(),
        *showing.routes(),
    ]
