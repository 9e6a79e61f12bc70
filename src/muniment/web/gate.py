"""Puts pages behind a permission; what rooms below access show is let through here.

An auditor's view is recorded before it is shown. Rooms above access ask the gate themselves.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import wraps

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import access
from muniment.access import Scope
from muniment.web.callers import require_visitor
from muniment.web.shell import log_of

Endpoint = Callable[[Request], Awaitable[Response]]


def behind(permission: str, area: str, routes: Iterable[Route]) -> list[Route]:
    """Give the routes again, each open to who has this permission in this area."""
    return [
        Route(
            each.path,
            guarded(each.endpoint, permission, area),
            methods=sorted(each.methods or ()),
            name=each.name,
        )
        for each in routes
    ]


def guarded(endpoint: Endpoint, permission: str, area: str) -> Endpoint:
    """Let through to an endpoint who may, and refuse all others with the reasons."""

    @wraps(endpoint)
    async def entered(request: Request) -> Response:
        await to_thread.run_sync(_enter, request, permission, Scope.of(console=area))
        return await endpoint(request)

    return entered


def _enter(request: Request, permission: str, area: Scope) -> None:
    actor, database = require_visitor(request).actor, log_of(request).database
    with access.viewing(database, actor, permission, area, what=request.url.path):
        return
