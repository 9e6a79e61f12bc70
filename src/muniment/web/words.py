"""The page of words."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment.web.callers import require_visitor
from muniment.web.glossary.terms import TERMS
from muniment.web.shell import render

ADDRESS: Final = "/console/words"


def routes() -> list[Route]:
    """List the address of the words."""
    return [Route(ADDRESS, show, methods=["GET"])]


async def show(request: Request) -> Response:
    """Show every word and what it means."""
    require_visitor(request)
    terms = sorted(TERMS, key=lambda each: each.word.casefold())
    return render(request, "words.html", terms=terms)
