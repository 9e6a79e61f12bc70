"""The console as an application for tests, and a way to ask it in process.

Real pages, a sample shell, and the strict policy on content which the server sends.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Final

import httpx
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from muniment.access import EVERYTHING, PERMISSIONS, Visitor
from muniment.core.actor import Actor, ActorKind
from muniment.web import LedgerHealth, Shell, install, navigation, routes

CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


INES: Final = Visitor(
    Actor(ActorKind.PERSON, "per_ines"),
    name="Ines Ferreira",
    held=((frozenset(PERMISSIONS), EVERYTHING),),
)


class StrictPages:
    """Send the strict content policy with every answer, as the server does, to somebody known."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["visitor"] = INES

        async def send_strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Content-Security-Policy"] = CONTENT_POLICY
            await send(message)

        await self.app(scope, receive, send_strict)


class Asking:
    """Ask an application in process, without a socket."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def get(
        self,
        path: str,
        *,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Ask for one page."""
        return asyncio.run(self._get(path, params, headers))

    async def _get(
        self, path: str, params: dict[str, str] | None, headers: dict[str, str] | None
    ) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://console") as client:
            return await client.get(path, params=params, headers=headers)


def sample_console() -> Starlette:
    """Build the console with sample surroundings."""
    app = Starlette(routes=routes(), middleware=[Middleware(StrictPages)])
    install(app, Shell(navigation(), "Brightwater Credit, production", _sample_health))
    return app


def _sample_health() -> LedgerHealth:
    return LedgerHealth(
        "verified",
        datetime(2026, 11, 20, 14, 25, tzinfo=UTC),
        1_204_551,
        "2 of 2 witnesses",
        "/console/style#story",
    )
