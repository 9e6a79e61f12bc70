"""HTTP as uvicorn speaks it, but for a call of a model that comes alone: that goes the short way.

A call of the usual kind is handed to the gateway as it was read, and its answer is written in one
piece. Everything else is uvicorn's: other paths, unusual headers, bodies of unknown length, what
follows before the call before it was answered. To uvicorn a call that goes the short way is a cycle
like any other, so that order, stop and disconnect are its business as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Final

import anyio
import uvicorn
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from muniment.gateway.line import STREAM
from muniment.gateway.telling import Told
from muniment.server.middleware import PEER
from muniment.server.short import BY_URL, Found, Short

_JSON: Final = b"content-type: application/json\r\n"
_STREAM: Final = Told.of(STREAM).lines
_CHUNKED: Final = b"transfer-encoding: chunked\r\n"
_CLOSE: Final = b"connection: close\r\n"
_BROKEN: Final = (
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 21\r\n"
    b"connection: close\r\n\r\nInternal Server Error"
)
Pairs = list[tuple[bytes, bytes]]


class WireProtocol(HttpToolsProtocol):
    """A connection that answers calls of models itself, and gives the rest to uvicorn."""

    _turn: Turn | None = None

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: Any = None,  # noqa: ANN401 as uvicorn
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        is_bare = config.loaded_app is config.app and config.limit_concurrency is None
        self.short: Short | None = getattr(config.app, "short", None) if is_bare else None

    def on_message_begin(self) -> None:
        """Begin to read; what uvicorn makes of a request is made when it is its own."""
        self.url = b""
        self.headers = []
        self.expect_100_continue = False

    def on_headers_complete(self) -> None:
        """Decide which way a request goes."""
        before: RequestResponseCycle | Turn | None = self.cycle
        waits = before is not None and not before.response_complete
        short, parser = self.short, self.parser
        found: Found | None = None
        if short is not None and not waits and parser.get_http_version() == "1.1":
            found = short.usual(parser.get_method(), self.url, self.headers)
        if short is None or found is None:
            self._go_the_long_way()
            return
        self._turn = turn = Turn(self, short, found, keep_alive=parser.should_keep_alive())
        short.begin(turn)
        self.cycle = turn  # type: ignore[assignment]  # all that uvicorn asks of a cycle

    def _go_the_long_way(self) -> None:
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        if self.client:  # who is connected, before any header says for whom it speaks
            self.scope[PEER] = self.client[0]  # type: ignore[typeddict-unknown-key]  # ours
        self.url, self.headers, self.expect_100_continue = url, headers, expects
        self.scope["headers"] = headers
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take some of a body."""
        if self._turn is None:
            super().on_body(body)
        else:
            self._turn.take(body)

    def on_message_complete(self) -> None:
        """Have a call answered that is there."""
        if self._turn is None:
            super().on_message_complete()
        else:
            self.have_answered(self._turn)

    def data_received(self, data: bytes) -> None:
        """Take what came; a long body that did not come at once is waited for elsewhere."""
        super().data_received(data)
        turn = self._turn
        if turn is None or turn.length <= HIGH_WATER_LIMIT or self.transport.is_closing():
            return
        if self.parser is not None:
            self._turn = None
            self.cycle = None  # type: ignore[assignment]  # as before the first request
            self._go_the_long_way()
            if turn.raw:
                super().on_body(turn.raw)

    def have_answered(self, turn: Turn) -> None:
        """Begin to answer a call, or say at once that there is no room for it."""
        self._turn = None
        if turn.is_turned_away():
            return
        task = self.loop.create_task(turn.run())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that nobody is there any more."""
        turn, self._turn = self._turn, None
        super().connection_lost(exc)
        if turn is not None and self.short is not None:  # it went before its call was whole
            self.short.told(turn)


class Turn:
    """A call that goes the short way: what was read of it, and the way back."""

    __slots__ = (
        *("_begun", "_flow", "_leave", "_on_response", "_short", "_state", "_transport"),
        *("address", "began", "dialect", "disconnected", "headers", "keep_alive", "length"),
        *("raw", "request", "response_complete", "status"),
    )

    def __init__(
        self, protocol: WireProtocol, short: Short, headers: Found, *, keep_alive: bool
    ) -> None:
        self._short, self._state = short, protocol.server_state
        self._transport, self._flow = protocol.transport, protocol.flow
        self._on_response: Callable[[], None] | None = protocol.on_response_complete
        self._begun = False
        self._leave: Callable[[], None] | None = None
        self.address = str(protocol.client[0]) if protocol.client else ""
        self.dialect = BY_URL[protocol.url]
        self.headers, self.length = headers, int(headers[b"content-length"])
        self.raw: bytes | None = b""
        self.request, self.began, self.status = "", 0.0, 500
        # What uvicorn reads of a cycle, and writes into it.
        self.keep_alive = keep_alive
        self.disconnected = self.response_complete = False

    @property
    def message_event(self) -> Turn:
        """Be the event by which uvicorn tells a cycle that its connection is lost."""
        return self

    def take(self, body: bytes) -> None:
        """Take some of the body."""
        self.raw = self.raw + body if self.raw else body

    def set(self) -> None:
        """Be told by uvicorn that the connection is lost."""
        if self.disconnected and self._leave is not None:
            self._leave()

    def is_turned_away(self) -> bool:
        """Answer at once where there is no room for the call; tell whether that is so."""
        is_over = self.raw is not None and self._short.turns_away(self)
        if is_over:
            self._forget()
        return is_over

    async def run(self) -> None:
        """Have the call answered; whatever ends it, the caller does not wait for more."""
        try:
            await self._short.answer(self)
        finally:
            if not self.response_complete and not self.disconnected:
                self._break_off()
            self._forget()

    def _forget(self) -> None:
        """Keep no more of it than that it was: its connection may stay open for long."""
        self.raw, self.headers, self._on_response = b"", {}, None

    async def reply(self, status: int, body: bytes, told: Told, exchange: str) -> None:
        """Give a whole answer in JSON."""
        await self._write(status, self._whole(status, body, told, exchange), body)

    def reply_at_once(self, status: int, body: bytes, told: Told, exchange: str) -> bool:
        """Give it without waiting for anything; nothing is given where that is not so."""
        if self._flow.write_paused or self.disconnected:
            return False
        self._send(status, self._whole(status, body, told, exchange), body)
        return True

    def _whole(self, status: int, body: bytes, told: Told, exchange: str) -> bytes:
        length = b"content-length: %d\r\n" % len(body)
        return self._head(status, _JSON, length, told.lines, exchange=exchange)

    async def begin(self, told: Told, exchange: str) -> None:
        """Begin an answer of events."""
        head = self._head(200, _STREAM, told.lines, exchange=exchange, streams=True)
        await self._write(200, head, None)

    async def write(self, piece: bytes) -> None:
        """Give some of it; wait while the caller takes no more."""
        if self._flow.write_paused and not self.disconnected:
            await self._flow.drain()
        if piece and not self.disconnected:
            self._put(piece)

    def at_once(self) -> Callable[[bytes], object] | None:
        """Give what writes some of it without a wait; nothing where that is not so just now."""
        return None if self._flow.write_paused or self.disconnected else self._put

    def _put(self, piece: bytes) -> None:
        self._transport.write(b"%x\r\n%b\r\n" % (len(piece), piece))

    async def end(self, last: bytes = b"") -> None:
        """Give the last of it, and its end."""
        if self._flow.write_paused and not self.disconnected:
            await self._flow.drain()
        if not self.disconnected:
            framed = b"%x\r\n%b\r\n" % (len(last), last) if last else b""
            self._transport.write(framed + b"0\r\n\r\n")
            self._complete()

    async def problem(self, status: int, pairs: Pairs, body: bytes) -> None:
        """Answer with these headers, or break off what has begun."""
        if self._begun:
            self._break_off()
            return
        named = {name for name, _ in pairs}
        dress = [pair for pair in self._short.dress if pair[0] not in named]
        lines = Told.of([*pairs, *dress]).lines
        head = (STATUS_LINE[status], self._short.lines_of(self._state.default_headers), lines)
        await self._write(status, b"".join((*head, self._last())), body)

    def watched(self) -> AbstractAsyncContextManager[object]:
        """Break off what is done within when the caller has gone away."""
        return _Watched(self)

    def leaves(self, leave: Callable[[], None] | None) -> None:
        """Have this called when the caller goes away; at once if they have."""
        self._leave = leave
        self.set()

    def _head(self, status: int, *lines: bytes, exchange: str, streams: bool = False) -> bytes:
        return b"".join(
            (
                STATUS_LINE[status],
                self._short.lines_of(self._state.default_headers),
                *lines,
                b"x-muniment-exchange: %b\r\n" % exchange.encode(),
                self._short.dress_of_streams if streams else self._short.dress_of_answers,
                self._last(_CHUNKED if streams else b""),
            )
        )

    def _last(self, framed: bytes = b"") -> bytes:
        close = b"" if self.keep_alive else _CLOSE
        return b"x-request-id: %b\r\n%b%b\r\n" % (self.request.encode(), close, framed)

    async def _write(self, status: int, head: bytes, body: bytes | None) -> None:
        """Write a head, and the body that is all of the answer."""
        self.status = status
        if self._flow.write_paused and not self.disconnected:
            await self._flow.drain()
        if not self.disconnected:
            self._send(status, head, body)

    def _send(self, status: int, head: bytes, body: bytes | None) -> None:
        self.status, self._begun = status, True
        self._transport.write(head if body is None else head + body)
        if body is not None:
            self._complete()

    def _complete(self) -> None:
        self.response_complete = True
        if not self.keep_alive:
            self._transport.close()
        if self._on_response is not None:
            self._on_response()

    def _break_off(self) -> None:
        """Let nobody take for whole what is not."""
        if not self._begun:
            self._begun = True
            lines = self._short.lines_of(self._state.default_headers)
            self._transport.write(STATUS_LINE[500] + lines + _BROKEN)
        self._transport.close()


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
