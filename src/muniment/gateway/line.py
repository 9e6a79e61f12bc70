"""How what the corridor gives reaches a caller: whole, or piece by piece while it is watched.

A connection that knows of calls has a line of its own; every other server is spoken to by ASGI.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, Protocol

import anyio

from muniment.gateway.telling import Pair, Told

JSON: Final[Pair] = (b"content-type", b"application/json")
STREAM: Final[Sequence[Pair]] = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
)
EXCHANGE: Final = b"x-muniment-exchange"


class Line(Protocol):
    """The way back to one caller."""

    async def reply(self, status: int, body: bytes, told: Told, exchange: str) -> None:
        """Give a whole answer in JSON."""
        ...

    def reply_at_once(self, status: int, body: bytes, told: Told, exchange: str) -> bool:
        """Give it without waiting for anything; nothing is given where that is not so."""
        ...

    async def begin(self, told: Told, exchange: str) -> None:
        """Begin an answer of events."""
        ...

    async def write(self, piece: bytes) -> None:
        """Give some of it; wait while the caller takes no more."""
        ...

    def at_once(self) -> Callable[[bytes], object] | None:
        """Give what writes some of it without a wait; nothing where that is not so just now."""
        ...

    async def end(self, last: bytes = b"") -> None:
        """Give the last of it, and its end."""
        ...

    def watched(self) -> AbstractAsyncContextManager[object]:
        """Break off what is done within when the caller has gone away."""
        ...


class AsgiLine:
    """The way back through a server that speaks ASGI."""

    def __init__(self, receive: Any, send: Any) -> None:  # noqa: ANN401 ASGI
        self._receive, self._send = receive, send

    async def reply(self, status: int, body: bytes, told: Told, exchange: str) -> None:
        """Give a whole answer in JSON."""
        head = [JSON, (b"content-length", str(len(body)).encode()), *told.pairs]
        head.append((EXCHANGE, exchange.encode()))
        await self._send({"type": "http.response.start", "status": status, "headers": head})
        await self._send({"type": "http.response.body", "body": body, "more_body": False})

    def reply_at_once(self, _status: int, _body: bytes, _told: Told, _exchange: str) -> bool:
        """Have no way without a wait."""
        return False

    async def begin(self, told: Told, exchange: str) -> None:
        """Begin an answer of events."""
        head = [*STREAM, *told.pairs, (EXCHANGE, exchange.encode())]
        await self._send({"type": "http.response.start", "status": 200, "headers": head})

    async def write(self, piece: bytes) -> None:
        """Give some of it; wait while the caller takes no more."""
        await self._send({"type": "http.response.body", "body": piece, "more_body": True})

    def at_once(self) -> None:
        """Have no way without a wait."""

    async def end(self, last: bytes = b"") -> None:
        """Give the last of it, and its end."""
        await self._send({"type": "http.response.body", "body": last, "more_body": False})

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Break off what is done within when the caller has gone away."""
        async with anyio.create_task_group() as group:
            group.start_soon(self._watch, group.cancel_scope)
            yield
            group.cancel_scope.cancel()

    async def _watch(self, scope: anyio.CancelScope) -> None:
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                scope.cancel()
                return
