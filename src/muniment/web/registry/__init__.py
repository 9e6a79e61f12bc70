"""The pages of the registry: systems, their story, changes, and what served on a day."""

from __future__ import annotations

from starlette.routing import Route

from muniment.web.registry import (
    adopting,
    applying,
    boundary,
    bringing,
    changes,
    everything,
    living,
    outlining,
    seen,
    stating,
    systems,
    uploads,
    versions,
    views,
    writing,
)


def routes() -> list[Route]:
    """List the pages of the registry."""
    return [
        *living.routes(),  # before the page of one system, whose address would take theirs
        *systems.routes(),
        *versions.routes(),
        *adopting.routes(),
        *uploads.routes(),
        *writing.routes(),
        *changes.routes(),
        *stating.routes(),
        *outlining.routes(),
        *boundary.routes(),
        *bringing.routes(),
        *applying.routes(),
        *seen.routes(),
        *views.routes(),
        *everything.routes(),
    ]
