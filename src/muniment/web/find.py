"""Finding a page by its name: what the search field does, with and without a script."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from muniment.web.shell import NavItem, render, shell_of

MAX_QUERY_CHARS = 200


def routes() -> list[Route]:
    """Answer the search field."""
    return [Route("/console/find", find, methods=["GET"], name="find")]


async def find(request: Request) -> HTMLResponse:
    """List the pages whose name holds every word asked for."""
    asked = request.query_params.get("q", "").strip()[:MAX_QUERY_CHARS]
    found = matching(shell_of(request).items(), asked)
    return render(request, "find.html", asked=asked, found=found)


def matching(items: tuple[NavItem, ...], asked: str) -> tuple[NavItem, ...]:
    """Pick the pages whose name holds every word; nothing asked picks all."""
    words = asked.casefold().split()
    return tuple(item for item in items if all(word in item.label.casefold() for word in words))
