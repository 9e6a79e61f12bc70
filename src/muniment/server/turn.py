"""One call that goes the short way: what was read of it, and the way back to its caller."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Final

import anyio
from msgspec import Struct
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from muniment.gateway.line import STREAM
from muniment.gateway.telling import Told
from muniment.server.unread import unread_seconds

if TYPE_CHECKING:
    from uvicorn.protocols.http.flow_control import FlowControl

    from muniment.gateway.dialects import Dialect
    from muniment.server.short import Short
    from muniment.server.wire import WireProtocol

_WHOLE: Final = b"%b%d\r\n%bx-muniment-exchange: %b\r\n%bx-request-id: %b\r\n%b\r\n%b"
_STREAMS: Final = (
    b"%b%b%b%bx-muniment-exchange: %b\r\n%bx-request-id: %b\r\n%btransfer-encoding: chunked\r\n\r\n"
)
_STREAM: Final = Told.of(STREAM).lines
_CLOSE: Final = b"connection: close\r\n"
_BROKEN: Final = (
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 21\r\n"
    b"connection: close\r\n\r\nInternal Server Error"
)
_NOTHING: Final[Mapping[str, str]] = {}
Pairs = list[tuple[bytes, bytes]]


class Turn(Struct, eq=False):
    """A call that goes the short way: what was read of it, and the way back."""

    protocol: WireProtocol | None
    short: Short
    transport: asyncio.Transport
    flow: FlowControl
    address: str
    dialect: Dialect
    headers: Mapping[str, str]
    request: str
    began: float
    length: int
    is_first: bool  # of its connection
    raw: bytes | None = b""
    keep_alive: bool = True  # uvicorn reads and writes it of a cycle, and the next two
    disconnected: bool = False
    response_complete: bool = False
    status: int = 500
    task: asyncio.Task[None] | None = None
    begun: bool = False
    leave: Callable[[], None] | None = None

    @property
    def message_event(self) -> Turn:
        """Be the event by which uvicorn tells a cycle that its connection is lost."""
        return self

    def unread(self) -> float:
        """Say for how many seconds it lay unread; it is asked for as soon as it is read."""
        return unread_seconds(self.transport)

    def take(self, body: bytes) -> None:
        """Take some of the body."""
        self.raw = self.raw + body if self.raw else body

    def set(self) -> None:
        """Be told by uvicorn that the connection is lost."""
        if self.disconnected and self.leave is not None:
            self.leave()

    def done(self) -> None:
        """Be told that it was answered, or will not be: it is counted, and has its line.

        Of it no more is kept than that it was; whatever ended it, the caller waits for no more.
        """
        try:
            self.short.told(self)
        finally:
            if not self.response_complete and not self.disconnected:
                self._break_off()
            protocol, task = self.protocol, self.task
            if protocol is not None and task is not None:
                protocol.tasks.discard(task)  # nothing of it is left to be waited for
            self.raw, self.headers, self.protocol, self.task = b"", _NOTHING, None, None

    async def reply(self, status: int, body: bytes, told: Told, exchange: str) -> None:
        """Give a whole answer in JSON."""
        self.status = status
        while self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        self.reply_at_once(status, body, told, exchange)

    def reply_at_once(self, status: int, body: bytes, told: Told, exchange: str) -> bool:
        """Give it without waiting for anything; nothing is given where that is not so."""
        protocol, short = self.protocol, self.short
        if self.flow.write_paused or self.disconnected or protocol is None:
            return False
        self.status, self.begun = status, True
        headers = protocol.server_state.default_headers
        begin = short.begins.get(status) if headers is short.said_as else None
        self.transport.write(
            _WHOLE
            % (
                begin or short.begin_of(status, headers),
                len(body),
                told.lines,
                exchange.encode(),
                short.dress_of_answers,
                self.request.encode(),
                b"" if self.keep_alive else _CLOSE,
                body,
            )
        )
        self.response_complete = True
        if not self.keep_alive:
            self.transport.close()
        protocol.on_response_complete()
        return True

    async def begin(self, told: Told, exchange: str) -> None:
        """Begin an answer of events."""
        short = self.short
        head = _STREAMS % (
            STATUS_LINE[200],
            self._said(),
            _STREAM,
            told.lines,
            exchange.encode(),
            short.dress_of_streams,
            self.request.encode(),
            b"" if self.keep_alive else _CLOSE,
        )
        await self._write(200, head, whole=False)

    async def write(self, piece: bytes) -> None:
        """Give some of it; wait while the caller takes no more."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if piece and not self.disconnected:
            self._put(piece)

    def at_once(self) -> Callable[[bytes], object] | None:
        """Give what writes some of it without a wait; nothing where that is not so just now."""
        return None if self.flow.write_paused or self.disconnected else self._put

    def _put(self, piece: bytes) -> None:
        self.transport.write(b"%x\r\n%b\r\n" % (len(piece), piece))

    async def end(self, last: bytes = b"") -> None:
        """Give the last of it, and its end."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if not self.disconnected:
            framed = b"%x\r\n%b\r\n" % (len(last), last) if last else b""
            self.transport.write(framed + b"0\r\n\r\n")
            self._complete()

    async def problem(self, status: int, pairs: Pairs, body: bytes) -> None:
        """Answer with these headers, or break off what has begun."""
        if self.begun:
            self._break_off()
            return
        named = {name for name, _ in pairs}
        dress = [pair for pair in self.short.dress if pair[0] not in named]
        close = b"" if self.keep_alive else _CLOSE
        last = b"x-request-id: %b\r\n%b\r\n%b" % (self.request.encode(), close, body)
        lines = Told.of([*pairs, *dress]).lines
        await self._write(status, STATUS_LINE[status] + self._said() + lines + last, whole=True)

    def watched(self) -> AbstractAsyncContextManager[object]:
        """Break off what is done within when the caller has gone away."""
        return _Watched(self)

    def leaves(self, leave: Callable[[], None] | None) -> None:
        """Have this called when the caller goes away; at once if they have."""
        self.leave = leave
        self.set()

    def _said(self) -> bytes:
        """Give what the server says with every answer."""
        protocol, short = self.protocol, self.short
        if protocol is None:
            return b""
        headers = protocol.server_state.default_headers
        return short.said if headers is short.said_as else short.lines_of(headers)

    async def _write(self, status: int, piece: bytes, *, whole: bool) -> None:
        """Write a head, or all of an answer."""
        self.status = status
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if not self.disconnected:
            self.begun = True
            self.transport.write(piece)
            if whole:
                self._complete()

    def _complete(self) -> None:
        self.response_complete = True
        if not self.keep_alive:
            self.transport.close()
        if self.protocol is not None:
            self.protocol.on_response_complete()

    def _break_off(self) -> None:
        """Let nobody take for whole what is not."""
        if not self.begun:
            self.begun = True
            self.transport.write(STATUS_LINE[500] + self._said() + _BROKEN)
        self.transport.close()


class _Watched:
    """Cancels what is done within when a caller goes away; no second task watches for it."""

    def __init__(self, turn: Turn) -> None:
        self._turn, self._scope = turn, anyio.CancelScope()

    async def __aenter__(self) -> None:
        self._scope.__enter__()
        self._turn.leaves(self._scope.cancel)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        self._turn.leaves(None)
        return self._scope.__exit__(kind, error, trace)
