"""HTTP as uvicorn speaks it, but for a call of a model that comes alone: that goes the short way.

A call of the usual kind is handed to the gateway as it was read, and its answer is written in one
piece. If its head is one that was read before, it is not read again. Everything else is uvicorn's:
other paths, unusual headers, bodies of unknown length, what follows before the call before it was
answered. To uvicorn a call that goes the short way is a cycle like any other, so that order, stop
and disconnect are its business as ever.
"""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from muniment.gateway.heads import Cut, cut, whole
from muniment.server.middleware import PEER
from muniment.server.short import Short, Usual
from muniment.server.turn import Turn

__all__ = ["Turn", "WireProtocol"]


class WireProtocol(HttpToolsProtocol):
    """A connection that answers calls of models itself, and gives the rest to uvicorn."""

    address = ""
    _turn: Turn | None = None
    _cut: Cut | None = None  # what a head would be known by, while it is read
    _left = 0  # bytes of a body whose head was known
    _is_between = True  # the parser has read whole messages
    _due: float | None = None  # when whoever is patient is so no more
    _in_headers = False
    _header_bytes = 0

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

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
        """Note who calls."""
        super().connection_made(transport)
        self.address = str(self.client[0]) if self.client else ""

    def data_received(self, data: bytes) -> None:
        """Take what came: a call whose head is known, the rest of its body, or anything else."""
        if self._left:
            self._take_more(data)
            return
        short, head = self.short, None
        cycle: RequestResponseCycle | Turn | None = self.cycle
        if self._is_between and short is not None and (cycle is None or cycle.response_complete):
            found = whole(data, short.known)
            if found is not None and len(found[1]) <= short.most_at_once:
                self._take_whole(short, *found)
                return
            head = cut(data)
            if head is not None and head[1] <= short.most_at_once:
                usual = short.known.get(head[0])
                if usual is not None:
                    self._take(short, usual, head, data)
                    return
        self._cut = head  # of the first head in it, and of no other
        self.read(data)
        self._cut = None

    def _take_whole(self, short: Short, usual: Usual, raw: bytes) -> None:
        """Take a call that is here to its end, and no more than it."""
        if self.timeout_keep_alive_task is not None:
            self._unset_keepalive_if_required()
        self._in_headers, self._header_bytes = False, 0
        turn = self.take_turn(short, usual, len(raw), raw)
        self._due = None
        doing = short.answer(turn)
        if doing is not None:
            turn.task = task = self.loop.create_task(doing)
            self.tasks.add(task)

    def _take(self, short: Short, usual: Usual, head: Cut, data: bytes) -> None:
        """Take a call whose head is known; what may have come behind it is read as ever."""
        _, length, begin = head
        if self.timeout_keep_alive_task is not None:
            self._unset_keepalive_if_required()
        self._in_headers, self._header_bytes = False, 0
        turn = self.take_turn(short, usual, length)
        end = begin + length
        if len(data) < end:
            self._turn, turn.raw = turn, data[begin:]
            self._left = end - len(data)
            self.expect_body()
            return
        turn.raw = data[begin:end]
        self.have_answered(turn)
        if len(data) > end:
            self.read(data[end:])

    def take_turn(self, short: Short, usual: Usual, length: int, raw: bytes = b"") -> Turn:
        """Make a call the one that is under way here."""
        turn = Turn(
            self,
            short,
            self.transport,
            self.flow,
            self.address,
            usual.dialect,
            usual.headers,
            usual.request or short.ids.new("req"),
            short.clock.monotonic(),
            length,
            self.cycle is None,
            raw,
        )
        self.cycle = turn  # type: ignore[assignment]  # all that uvicorn asks of a cycle
        return turn

    def _take_more(self, data: bytes) -> None:
        """Take more of a body; if nobody waits for it any more, only its end counts."""
        turn, left = self._turn, self._left
        self._left = max(0, left - len(data))
        if turn is not None:
            turn.take(data[:left])
            if not self._left:
                self.have_answered(turn)
        if len(data) > left:
            self.read(data[left:])

    def expect_body(self) -> None:
        """Begin to wait for the rest of a body."""

    def on_message_begin(self) -> None:
        """Begin to read; what uvicorn makes of a request is made when it is its own."""
        self._is_between = False
        self.url = b""
        self.headers = []
        self.expect_100_continue = False

    def on_headers_complete(self) -> None:
        """Decide which way a request goes."""
        head, self._cut = self._cut, None
        before: RequestResponseCycle | Turn | None = self.cycle
        waits = before is not None and not before.response_complete
        short, parser = self.short, self.parser
        usual: Usual | None = None
        if short is not None and not waits and parser.get_http_version() == "1.1":
            found = short.usual(parser.get_method(), self.url, self.headers)
            usual = None if found is None else short.read(self.url, found)
        if short is None or usual is None:
            self._go_the_long_way()
            return
        keep_alive = parser.should_keep_alive()
        if head is not None and keep_alive:
            short.learn(head, usual)
        self._turn = self.take_turn(short, usual, usual.length)
        self._turn.keep_alive = keep_alive

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
        self._is_between = not self.parser.should_upgrade()
        if self._turn is None:
            super().on_message_complete()
        else:
            self.have_answered(self._turn)

    def read(self, data: bytes) -> None:
        """Read what came; a long body that did not come at once is waited for elsewhere."""
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
        self._turn = self._due = None
        doing = turn.short.answer(turn)
        if doing is not None:
            turn.task = task = self.loop.create_task(doing)
            self.tasks.add(task)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that nobody is there any more."""
        turn, self._turn, self._left = self._turn, None, 0
        super().connection_lost(exc)
        if turn is not None and self.short is not None:  # it went before its call was whole
            self.short.told(turn)
