"""Connections of the product in front of a small gateway of a test's own, and raw bytes."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from muniment.core.clock import SystemClock
from muniment.core.ids import IdMaker
from muniment.gateway.dialects import Dialect
from muniment.gateway.line import Line
from muniment.gateway.pace import Coming
from muniment.gateway.telling import Told
from muniment.server.listen import PatientProtocol
from muniment.server.metrics import Metrics
from muniment.server.middleware import ErrorMapping
from muniment.server.short import Short
from muniment.settings import Settings

NOTHING = Told.of(())
_SECONDS = 30


@dataclass
class Small:
    """A gateway that says back what it was sent, or does what a test wants."""

    seen: list[bytes | None] = field(default_factory=list)
    does: Callable[[bytes, Line], Any] | None = None
    full: bool = False

    def turned_away(self, _dialect: Dialect, _coming: Coming) -> tuple[bytes, Told, str] | None:
        """Say whether there is room."""
        return (b"full", NOTHING, "exc_2") if self.full else None

    async def answer(
        self,
        _dialect: Dialect,
        _headers: Mapping[str, str],
        _address: str,
        raw: bytes | None,
        line: Line,
    ) -> None:
        """Answer a call."""
        self.seen.append(raw)
        if raw is None:
            await line.reply(408, b"late", NOTHING, "exc_1")
        elif self.does is not None:
            await self.does(raw, line)
        else:
            await line.reply(200, raw, NOTHING, "exc_1")


@dataclass
class Wired:
    """What listens, and where."""

    port: int
    gateway: Small
    metrics: Metrics
    server: uvicorn.Server
    thread: threading.Thread

    def counted(self, status: int) -> float:
        """Tell how many calls that went the short way were answered so."""
        labels = {"method": "POST", "route": "/v1", "status": str(status)}
        name = "muniment_http_requests_total"
        return self.metrics.registry.get_sample_value(name, labels) or 0.0

    def connect(self) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=_SECONDS)

    def said(self, sent: bytes) -> bytes:
        """Send bytes and give all that comes until the other side closes."""
        with self.connect() as line:
            line.sendall(sent)
            return rest_of(line)


def rest_of(line: socket.socket, until: bytes = b"") -> bytes:
    """Read until the other side closes, or says how it ends."""
    heard = b""
    while piece := line.recv(65_536):
        heard += piece
        if until and heard.endswith(until):
            break
    return heard


def call(
    body: bytes = b"{}", *lines: str, path: str = "/v1/chat/completions", last: bool = False
) -> bytes:
    """Write a call as clients do."""
    more = [*lines, *(["connection: close"] if last else [])]
    head = [f"POST {path} HTTP/1.1", "host: localhost", f"content-length: {len(body)}", *more]
    return "\r\n".join([*head, "", ""]).encode() + body


def plain(heard: bytes) -> bytes:
    """Leave out what is another with every answer: ids and the time."""
    heard = re.sub(rb"(exc|req|evt)_[0-9a-z]{26}", rb"\1_x", heard)
    return re.sub(rb"\r\ndate: [^\r]+", b"\r\ndate: d", heard)


@contextmanager
def wired(
    small: Small | None = None, settings: Settings | None = None, **served: Any
) -> Iterator[Wired]:
    """Listen on a free port; everything that is no usual call is answered by `long`."""
    gateway, given, metrics = small or Small(), settings or Settings(), Metrics()
    clock, ids = SystemClock(), IdMaker(SystemClock())

    async def long(scope: Any, receive: Any, send: Any) -> None:
        raw, more = b"", True
        while more:
            message = await receive()
            raw += message.get("body", b"")
            more = message.get("more_body", False)
        head = [(b"content-length", str(len(raw) + 5).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b"long:" + raw})

    mapping = ErrorMapping(long, ids=ids, secure=False)
    named: dict[str, Any] = {"settings": given, "ids": ids, "clock": clock, "metrics": metrics}
    long.short = Short(gateway, mapping, **named)  # type: ignore[attr-defined,arg-type]  # as ours have
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            long,
            http=PatientProtocol,
            lifespan="off",
            log_config=None,
            timeout_graceful_shutdown=1,
            **{"proxy_headers": False, **served},
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        made = Wired(listening.getsockname()[1], gateway, metrics, server, thread)
        try:
            while not server.started and thread.is_alive():
                thread.join(0.01)
            yield made
        finally:
            server.should_exit = True
            thread.join(_SECONDS)
