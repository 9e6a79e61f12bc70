"""The whole application asked in process: one ASGI call, one answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from muniment import access
from muniment.access import EVERYTHING, Visitor
from muniment.core.actor import system_actor
from muniment.db import migrate
from muniment.main import build_house
from muniment.server import House
from muniment.server.app import Application, make_app
from muniment.server.callers import Identifier
from muniment.settings import load
from tests.migrated import lay_copy

HERE = ("127.0.0.1", 50_000)
ELSEWHERE = ("203.0.113.9", 50_000)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)


@contextmanager
def house_in(folder: Path, /, **overrides: object) -> Iterator[House]:
    """Open a migrated house whose files lie in a folder."""
    unlock = folder.parent / "unlock"
    given = {"data.dir": folder, "unlock.folder": unlock, **overrides}
    if "database.url" not in given and not folder.exists():
        lay_copy(folder)
    house = build_house(load(environment={}, overrides=given), role="serve", create=True)
    try:
        migrate(house.database)
        yield house
    finally:
        house.close()


def app_of(house: House, **routes: Any) -> Application:
    """Build the application, with more routes for what no real page does."""
    app = make_app(house)
    for name, endpoint in routes.items():
        methods = ["GET", "POST"]
        app.router.routes.insert(0, Route(f"/{name}", endpoint, methods=methods))
    return app


class Known:
    """An application that is asked by a part of the product itself, which may read everything."""

    def __init__(self, house: House, app: Starlette | None = None) -> None:
        self.app = app or make_app(house)
        actor = system_actor("tester")
        known = Visitor(actor, name="Tester", held=((frozenset(access.PERMISSIONS), EVERYTHING),))
        self.app.identifier = Identifier(lambda _shown: known, lambda: False)  # type: ignore[attr-defined]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(("/console", "/api/", "/log/")):
            names = {name for name, _ in scope["headers"]}
            if b"authorization" not in names:
                scope["headers"] = [*scope["headers"], (b"authorization", b"Bearer tester")]
        await self.app(scope, receive, send)


def ask(
    app: ASGIApp,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    chunks: Sequence[bytes] = (b"",),
    client: tuple[str, int] | None = HERE,
) -> Answer:
    """Send one request through everything that surrounds the application."""
    given = {"host": "localhost", **(headers or {})}
    where, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": where,
        "raw_path": where.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items()],
        "client": client,
        "server": ("127.0.0.1", 8484),
    }
    return asyncio.run(_call(app, scope, list(chunks)))


async def _call(app: ASGIApp, scope: dict[str, Any], chunks: list[bytes]) -> Answer:
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not chunks:
            return {"type": "http.disconnect"}
        body = chunks.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(chunks)}

    async def send(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    await app(scope, receive, send)
    begin = said[0]
    headers = {name.decode(): value.decode() for name, value in begin["headers"]}
    return Answer(begin["status"], headers, b"".join(each.get("body", b"") for each in said[1:]))


async def read_all(request: Request) -> Response:
    """Read the body and say how long it was."""
    return Response(str(len(await request.body())))


async def read_and_stream(request: Request) -> Response:
    """Begin to answer, then break."""

    async def pieces() -> Any:
        yield b"first"
        raise ValueError("the secret of the second piece")

    return StreamingResponse(pieces())
