"""Names of client certificates: believed from a trusted proxy only, and from nobody else."""

from __future__ import annotations

import asyncio
import socket
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from muniment.access.models import Visitor
from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import ForbiddenError, UnauthenticatedError
from muniment.server.callers import Callers, Identifier, Shown
from muniment.server.listen import PatientProtocol
from muniment.server.middleware import PEER
from muniment.testing import settings_for

BEHIND: Any = {
    "access.client_name_header": "X-Client-Name",
    "server.behind_proxy": True,
    "server.trusted_proxies": ("10.0.0.0/24", "fd00::1/128"),
}
RELEASE = Visitor(Actor(ActorKind.SERVICE, "svc_release", "token:client-certificate"))


def come(
    peer: str | None, *names: str, method: str = "GET", headers: Any = (), **settings: Any
) -> str:
    """Send a request through the edge; give the name it believed."""
    asked: list[Shown] = []

    def identify(shown: Shown) -> Visitor | None:
        asked.append(shown)
        return RELEASE if shown.client_name == "CN=release" else None

    async def inner(_scope: Any, _receive: Any, _send: Any) -> None:
        return

    given = settings_for(Path("data"), **{**BEHIND, **settings})
    edge = Callers(inner, settings=given, identifier=Identifier(identify, lambda: False))
    scope = {
        "type": "http",
        "method": method,
        "path": "/api/v1/things",
        "query_string": b"",
        "headers": [*headers, *((b"x-client-name", each.encode()) for each in names)],
        "client": ("203.0.113.9", 1),
        **({PEER: peer} if peer else {}),
    }
    asyncio.run(edge(scope, None, None))  # type: ignore[arg-type]  # nothing is read or sent
    return asked[0].client_name


@pytest.mark.parametrize("peer", ["10.0.0.7", "fd00::1"])
def test_a_trusted_proxy_is_believed(peer: str) -> None:
    """The name that a trusted proxy gives stands for its caller."""
    assert come(peer, "CN=release") == "CN=release"


@pytest.mark.parametrize(
    ("peer", "names", "settings"),
    [
        ("203.0.113.9", ("CN=release",), {}),
        (None, ("CN=release",), {}),
        ("10.0.1.7", ("CN=release",), {}),
        ("10.0.0.7", ("CN=release", "CN=other"), {}),
        ("10.0.0.7", (), {}),
        ("10.0.0.7", ("CN=release",), {"access.client_name_header": ""}),
        ("10.0.0.7", ("CN=release",), {"server.behind_proxy": False}),
    ],
)
def test_nobody_else_is(peer: str | None, names: tuple[str, ...], settings: Any) -> None:
    """From another address, twice, or where no proxy stands, the header says nothing."""
    with pytest.raises(UnauthenticatedError):
        come(peer, *names, **settings)


def test_another_site_cannot_use_a_browsers_certificate() -> None:
    """Browsers send certificates by themselves, so what another site sends is refused."""
    foreign = [(b"sec-fetch-site", b"cross-site"), (b"host", b"muniment.example")]
    with pytest.raises(ForbiddenError):
        come("10.0.0.7", "CN=release", method="POST", headers=foreign)


def test_who_is_connected_is_known() -> None:
    """The server notes who is connected before it believes for whom they speak."""

    async def tell(request: Request) -> JSONResponse:
        return JSONResponse({"peer": request.scope[PEER], "client": request.client[0]})  # type: ignore[index]  # there is one

    app = Starlette(routes=[Route("/", tell)])
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        lifespan="off",
        log_level="warning",
        proxy_headers=True,
        forwarded_allow_ips=["127.0.0.1"],
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    told = httpx.get(address, headers={"x-forwarded-for": "203.0.113.9"}, timeout=30).json()
    server.should_exit = True
    thread.join(20)
    listening.close()
    assert told == {"peer": "127.0.0.1", "client": "203.0.113.9"}
