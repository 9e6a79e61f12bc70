"""Listens: on this machine alone unless TLS or a trusted proxy stands in front.

Secure cookies, passkeys and WebCrypto need a secure origin, so any other address without one of
the two is refused. A stop lets running requests finish for a while; the log then takes the rest.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import inf
from pathlib import Path
from types import FrameType
from typing import Any, Final, Protocol

import uvicorn
from starlette.routing import Router
from uvicorn.server import ServerState

from muniment.core.errors import InvalidError, UnavailableError
from muniment.server.middleware import Receive, Scope, Send, is_loopback
from muniment.server.wire import WireProtocol
from muniment.settings import Settings

HEADER_SECONDS: Final = 20.0
KEEP_ALIVE_SECONDS: Final = 15
MAX_HEADER_BYTES: Final = 64 * 1024
_TAKE_SECONDS: Final = 0.02
_TAKEN_AT_ONCE: Final = 256
_MOST_WAITING: Final = 65_535  # the system has a bound of its own


class Served(Protocol):
    """An application whose router has its life."""

    @property
    def router(self) -> Router:
        """What begins and ends it."""
        ...

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        ...

    def leave(self) -> None:
        """Let pages that live end their streams; nobody waits for them."""
        ...


def require_safe_address(settings: Settings) -> None:
    """Refuse to listen where passwords and cookies would travel in the clear."""
    server = settings.server
    _require_pair(server.tls_cert, server.tls_key)
    if server.behind_proxy and not server.trusted_proxies:
        raise InvalidError(
            "a proxy is said to stand in front, but none is trusted",
            field="server.trusted_proxies",
            remedy="Name its address, such as 10.0.0.7 or 10.0.0.0/24.",
        )
    for proxy in server.trusted_proxies:
        _require_network(proxy)
    if is_loopback(server.host) or server.tls_cert or server.behind_proxy:
        return
    raise InvalidError(
        f"{server.host} is reachable from outside, and there is no TLS",
        field="server.host",
        remedy="Give --tls-cert and --tls-key, or --behind-proxy with server.trusted_proxies.",
    )


def serve(
    app: Served,
    settings: Settings,
    *,
    ready: Callable[[int], None],
    begin: Callable[[], None] = lambda: None,
    socket_of_all: socket.socket | None = None,
) -> None:
    """Answer requests until told to stop; `begin` runs before the first, `ready` learns the port.

    Nothing has begun while the address is not ours, so `begin` may record the start. Of several
    processes each is given the socket of all.
    """
    require_safe_address(settings)
    server = settings.server
    listening = socket_of_all or listen_on(server.host, server.port)
    try:
        begin()
        config = uvicorn.Config(
            app,
            http=PatientProtocol,
            ws="none",
            lifespan="off",  # ours: see _Server
            log_config=None,
            access_log=False,
            server_header=False,
            ssl_certfile=server.tls_cert,
            ssl_keyfile=server.tls_key,
            proxy_headers=server.behind_proxy,
            forwarded_allow_ips=list(server.trusted_proxies) if server.behind_proxy else None,
            backlog=_MOST_WAITING,
            timeout_graceful_shutdown=server.grace_seconds,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        running = _Server(config, app, lambda: ready(listening.getsockname()[1]))
        running.run(sockets=[listening])
    finally:
        listening.close()


class PatientProtocol(WireProtocol):
    """HTTP that waits for a request's headers, but not for ever and not for any size.

    One timer of a connection looks when something is due, instead of one for each request.
    """

    _timer: asyncio.TimerHandle | None = None
    _looks_at = inf

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
        super().connection_made(transport)
        self._expect_headers()
        if isinstance(self.server_state, _State):
            self.server_state.came()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_headers()

    def on_headers_complete(self) -> None:
        self._in_headers, self._header_bytes, self._due = False, 0, None
        super().on_headers_complete()

    def expect_body(self) -> None:
        if self.short is not None:
            self._expect(self.short.late_seconds)

    def read(self, data: bytes) -> None:
        self._header_bytes += len(data)
        super().read(data)
        if self._in_headers:
            if self._header_bytes > MAX_HEADER_BYTES and not self.transport.is_closing():
                self.send_400_response("The headers are too long.")
        elif self._turn is not None and self._due is None and self.short is not None:
            self._expect(self.short.late_seconds)

    def on_response_complete(self) -> None:
        if self.pipeline or self.transport.is_closing():
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        if self.flow.read_paused:
            self.flow.resume_reading()
        if not self._in_headers:
            self._due = due = self.loop.time() + self.timeout_keep_alive
            if due < self._looks_at:
                self._look_at(due)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._due, self._looks_at = None, -inf  # never again
        super().connection_lost(exc)

    def _expect_headers(self) -> None:
        self._in_headers, self._header_bytes = True, 0
        self._expect(HEADER_SECONDS)

    def _expect(self, seconds: float) -> None:
        """Give what is waited for so long."""
        self._due = due = self.loop.time() + seconds
        if due < self._looks_at:
            self._look_at(due)

    def _look_at(self, due: float) -> None:
        """Look then; a timer that runs is kept if it looks before."""
        if self._timer is not None:
            self._timer.cancel()
        self._looks_at = due
        self._timer = self.loop.call_at(due, self._look)

    def _look(self) -> None:
        self._timer, self._looks_at = None, inf
        if self._due is None or self.transport.is_closing():
            return
        if self.loop.time() < self._due:
            self._look_at(self._due)
        elif self._turn is None:
            self.transport.close()
        else:
            self._turn.raw = None
            self.have_answered(self._turn)


class _State(ServerState):
    """What connections of one server share; it is told of each that is made."""

    def __init__(self, came: Callable[[], None]) -> None:
        super().__init__()
        self.came = came


class _Server(uvicorn.Server):
    """A uvicorn server that says when it listens, and for which being stopped is a good end."""

    def __init__(self, config: uvicorn.Config, app: Served, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._app = app
        self._ready = ready
        self.server_state = _State(self._look_soon)
        self._taking: asyncio.Handle | None = None
        self._sockets: list[socket.socket] = []
        self._made = set[asyncio.Task[Any]]()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn would write a failure of the lifespan into the log, message and all.
        with self.capture_signals():
            async with self._app.router.lifespan_context(self._app):
                await super()._serve(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.leave()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._sockets = sockets or []
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._sockets = []  # nobody is taken any more
        await super().shutdown(sockets)

    def _look_soon(self) -> None:
        """Look whether others came with somebody who came."""
        if self._taking is None and self._sockets:
            self._taking = asyncio.get_running_loop().call_soon(self._take_who_waits)

    def _take_who_waits(self) -> None:
        """Take connections that wait before the door, many at once, as long as any do.

        The loop takes one each time it goes round. Of a crowd the others would wait unseen, and
        nobody could be told to come again.
        """
        self._taking = None
        if self.should_exit:
            return
        loop = asyncio.get_running_loop()
        for connection in _waiting(self._sockets):
            protocol = partial(
                PatientProtocol,
                config=self.config,
                server_state=self.server_state,
                app_state=self.lifespan.state,
            )
            task = loop.create_task(
                loop.connect_accepted_socket(protocol, connection, ssl=self.config.ssl)
            )
            self._made.add(task)
            task.add_done_callback(self._made.discard)
            if self._taking is None:
                self._taking = loop.call_later(_TAKE_SECONDS, self._take_who_waits)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn would raise the signal again at the end: no last words, and no exit code 0.
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _waiting(sockets: list[socket.socket]) -> Iterator[socket.socket]:
    """Take connections as long as any wait, so many at most; none is waited for."""
    for each in sockets:
        for _ in range(_TAKEN_AT_ONCE):
            try:
                connection, _address = each.accept()
            except OSError:  # nobody waits, or no more can be open
                break
            connection.setblocking(False)
            yield connection


def listen_on(host: str, port: int) -> socket.socket:
    """Take an address, or say why it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        taken = error.errno == errno.EADDRINUSE
        raise UnavailableError(
            f"cannot listen on {host}:{port}: {error.strerror or error}",
            field="server.port" if taken else "server.host",
            remedy="Stop what uses it, or give another --port; 0 takes a free one."
            if taken
            else "Give an address of this machine, and a port that you may open.",
        ) from error
    listening.set_inheritable(True)
    return listening


def _require_pair(cert: Path | None, key: Path | None) -> None:
    if (cert is None) != (key is None):
        missing = "server.tls_key" if key is None else "server.tls_cert"
        raise InvalidError(
            "a certificate and its key come together", field=missing, remedy="Give both."
        )
    for name, path in (("server.tls_cert", cert), ("server.tls_key", key)):
        if path is not None and not path.is_file():
            raise InvalidError(f"{path} is not a file", field=name, remedy="Mend the path.")
    if cert is not None and key is not None:
        _require_loadable(cert, key)


def _require_loadable(cert: Path, key: Path) -> None:
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key, password=lambda: b"")  # never ask at a terminal
    except OSError as error:
        raise InvalidError(
            f"{cert} and {key} cannot be used: {error.strerror or error}",
            field="server.tls_cert",
            remedy="Give a PEM chain and its own key, without a password.",
        ) from error


def _require_network(text: str) -> None:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise InvalidError(
            f"{text!r} is not an address or network",
            field="server.trusted_proxies",
            remedy="Write 10.0.0.7 or 10.0.0.0/24.",
        ) from error
