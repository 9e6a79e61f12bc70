"""A server of raw bytes on this machine, whose every answer a test writes itself."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvloop

from muniment.gateway import Outside
from muniment.gateway.outgoing import Body, Pool
from muniment.gateway.outgoing.reading import Incoming
from muniment.settings import Settings

SECONDS = 30.0
Doing = Callable[[socket.socket, int], None]
OK = b"HTTP/1.1 200 OK\r\n"


@dataclass
class Talking:
    """Where it listens, and what it was told on each connection."""

    port: int = 0
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        """Give the address of something there."""
        return f"http://127.0.0.1:{self.port}/v1/chat/completions"


def request_from(line: socket.socket) -> bytes:
    """Read one request; nothing if the other side has hung up."""
    heard = b""
    while b"\r\n\r\n" not in heard:
        more = line.recv(65_536)
        if not more:
            return b""
        heard += more
    head, _, body = heard.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += line.recv(65_536)
    return head + b"\r\n\r\n" + body


@contextmanager
def talking(does: Doing, context: ssl.SSLContext | None = None) -> Iterator[Talking]:
    """Answer each request on each connection; `does` is told the connection and its turn."""
    made, over = Talking(), threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.05)
    made.port = listening.getsockname()[1]
    threads: list[threading.Thread] = []

    def talk(line: socket.socket) -> None:
        try:
            line.settimeout(SECONDS)
            spoken = context.wrap_socket(line, server_side=True) if context else line
            with spoken:
                while heard := request_from(spoken):
                    made.heard.append(heard)
                    does(spoken, len(made.heard))
        except OSError:
            line.close()

    def listen() -> None:
        while not over.is_set():
            try:
                line, _ = listening.accept()
            except TimeoutError:
                continue
            made.connections += 1
            threads.append(threading.Thread(target=talk, args=(line,), daemon=True))
            threads[-1].start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        over.set()
        thread.join(SECONDS)
        listening.close()
        for each in threads:
            each.join(SECONDS)


def says(*pieces: bytes, hangs_up: bool = False) -> Doing:
    """Answer with these bytes, piece by piece, and hang up if that is wanted."""

    def does(line: socket.socket, _turn: int) -> None:
        for piece in pieces:
            line.sendall(piece)
        if hangs_up:
            line.shutdown(socket.SHUT_RDWR)

    return does


def fixed(body: bytes = b"{}", *lines: bytes) -> bytes:
    """Write a plain answer."""
    more = b"".join(line + b"\r\n" for line in lines)
    return OK + b"content-length: %d\r\n" % len(body) + more + b"\r\n" + body


async def asked(pool: Pool, url: str, body: bytes = b"{}", **more: Any) -> tuple[Incoming, Body]:
    """Send a request."""
    given = {"connect_seconds": SECONDS, "answer_seconds": SECONDS, **more}
    return await pool.post(url, {"x-a": "1"}, body, **given)


async def whole(body: Body) -> bytes:
    """Read a body to its end."""
    return b"".join([piece async for piece in body])


def with_pool(doing: Callable[[Pool], Any], settings: Settings | None = None) -> Any:
    """Do something with connections of the product, and give them back."""

    async def done() -> Any:
        outside = Outside(settings or Settings(), {})
        try:
            return await doing(outside.pool())
        finally:
            await outside.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the product runs
        return runner.run(done())


async def until(seen: Callable[[], object]) -> None:
    """Wait until something is so."""
    for _ in range(1_000):
        if seen():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to be")
