"""The pages of detection: try a text, report what was wrong, and changes of the detector."""

from __future__ import annotations

from starlette.routing import Route

from muniment.web.detect import changing, showing, trying

__all__ = ["routes"]


def routes() -> list[Route]:
    """List every page of detection."""
    return [*trying.routes(), *changing.routes(), *showing.routes()]
