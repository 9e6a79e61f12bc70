"""Reads answers from the bytes of one connection, however they are cut.

The grammar is llhttp's, in its strict form but for two slips that providers are known for. On top
of it stand bounds, what an end of the connection means, and that nothing may come unasked. A whole
answer whose head came before is not read again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import httptools
from msgspec import Struct
from msgspec import field as filled

from muniment.gateway.heads import Cut, cut, is_plain, whole
from muniment.gateway.outgoing.failing import (
    ClientPayloadError,
    ClientResponseError,
    OutgoingError,
    ServerDisconnectedError,
)

MOST_HEAD_BYTES: Final = 64 * 1024
MOST_HEADERS: Final = 200
_MOST_INTERIM: Final = 8
_SWITCHED: Final = 101
_FINAL: Final = 200
_WITHOUT_BODY: Final = frozenset({204, 304})
_KEPT: Final = frozenset(
    {
        *(b"content-type", b"content-encoding", b"retry-after"),
        *(b"x-request-id", b"request-id"),
    }
)
_SAID: Final = {
    name.encode(): name for name in ("content-type", "retry-after", "x-request-id", "request-id")
}
_REMEMBERED: Final = 256
_NONE: Final[Mapping[bytes, bytes]] = MappingProxyType({})
_NOT_SAID: Final[Mapping[str, str]] = MappingProxyType({})
Known = tuple[int, Mapping[bytes, bytes], Mapping[str, str]]
"""What the head of an answer says: its status, the headers that count, and those that go on."""
_heads: dict[bytes, Known] = {}


class Incoming(Struct, eq=False):
    """One answer as far as it has come: its head, what came of its body, and whether it ended."""

    status: int = 0  # until the head is there
    headers: Mapping[bytes, bytes] = _NONE
    said: Mapping[str, str] = _NOT_SAID
    """The headers that go on to whoever asked."""
    pieces: list[bytes] = filled(default_factory=list)
    size: int = 0
    is_ended: bool = False
    problem: OutgoingError | None = None
    taker: Callable[[], bool] | None = None
    waiter: asyncio.Future[None] | None = None

    def take(self) -> bytes:
        """Give what has come of the body and was not given yet."""
        pieces = self.pieces
        told = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        self.size = 0
        return told

    async def more(self) -> None:
        """Wait until more of it came, or its end."""
        self.waiter = waiter = asyncio.get_running_loop().create_future()
        try:
            await waiter
        finally:
            self.waiter = None

    def wake(self) -> None:
        """Tell whoever waits that more came, unless their `taker` takes it at once."""
        waiter = self.waiter
        if waiter is None or waiter.done():
            return
        if self.taker is None or self.is_ended or self.problem is not None or not self.taker():
            waiter.set_result(None)


class Reading:
    """Reads the answers of one connection, one after the other."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.on_body = self._pieces.append  # a stream has many, so none costs a call of ours
        self._parser: Any = httptools.HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(
            lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True
        )
        self._into: Incoming | None = None
        self.is_reusable = True
        self._until_close = self._is_fresh = False
        self._begin_head()
        self._interim = 0

    def begin(self) -> Incoming:
        """Say that a request was sent, and give what its answer will be read into.

        What came after the end of an answer belongs to nobody; such a connection is not used again.
        """
        self._into = into = Incoming()
        self._until_close, self._is_fresh = False, True
        self._interim = 0
        return into

    def feed(self, data: bytes) -> None:
        """Take bytes. What is no answer ends the one that is read, or what was there after it."""
        into = self._into
        if into is None or into.is_ended or into.problem is not None:
            self.is_reusable = False  # nobody asked for this
            return
        head = None
        if self._is_fresh:
            self._is_fresh = False
            found = whole(data, _heads)
            if found is not None:
                (into.status, into.headers, into.said), body = found
                into.is_ended = True
                if body:
                    into.size = len(body)
                    into.pieces.append(body)
                return
            head = cut(data)
            if head is not None and len(data) != head[2] + head[1]:
                head = None
            self._begin_head()
        self._read(data, into, head)

    def _read(self, data: bytes, into: Incoming, head: Cut | None) -> None:
        """Read what has to be read by its letters."""
        self._quiet += len(data)
        is_fine = True
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            is_fine = False
        if not into.is_ended:
            self._gather(into)
        if not is_fine or self._quiet > MOST_HEAD_BYTES:
            self._fail(ClientPayloadError if into.status else ClientResponseError)
        elif head is not None and into.is_ended:
            self._learn(head, into)

    def _learn(self, head: Cut, into: Incoming) -> None:
        """Know a head that was read whole, with its body, if it comes again."""
        if not self.is_reusable or self._lengths != 1 or self._framed or not into.pieces:
            return
        if not is_plain(head, b"HTTP/1.1 %d" % into.status, into.size):
            return
        if len(_heads) >= _REMEMBERED:
            _heads.clear()
        _heads[head[0]] = into.status, into.headers, into.said

    def end(self) -> None:
        """Take the end of the connection: the end of a body without a length, else a break."""
        self.is_reusable = False
        into = self._into
        if into is None or into.is_ended or into.problem is not None:
            return
        if into.status and self._until_close:
            into.is_ended = True
        else:
            self._fail(ClientPayloadError if into.status else ServerDisconnectedError)

    def give_up(self, error: OutgoingError) -> None:
        """End the answer that is read with an error, unless it has its end."""
        self.is_reusable = False
        into = self._into
        if into is not None and not into.is_ended and into.problem is None:
            into.problem = error

    def broken(self) -> None:
        """End the answer that is read, if it has not come to its end, as one that broke off."""
        self.give_up(ClientPayloadError())

    def close(self) -> None:
        """Let go of the parser, which holds on to this."""
        self._parser = None

    def _fail(self, kind: type[OutgoingError]) -> None:
        self.give_up(kind())

    def _begin_head(self) -> None:
        self._headers: dict[bytes, bytes] = {}
        self._framed: list[bytes] = []
        self._lengths = self._many = self._head_bytes = self._quiet = 0
        self._in_head = True

    def on_message_begin(self) -> None:
        """Begin a head; what follows a whole answer was not asked for."""
        if self._into is None or self._into.is_ended:
            self.is_reusable = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note a header that counts, and bound them all; those after a body count no more."""
        self._many += 1
        self._head_bytes += len(name) + len(value) + 4
        if self._many > MOST_HEADERS or self._head_bytes > MOST_HEAD_BYTES:
            raise ClientResponseError
        if not self._in_head:
            return
        name = name.lower()
        if name in _KEPT:
            self._headers.setdefault(name, value)
        elif name == b"content-length":
            self._lengths += 1
        elif name == b"transfer-encoding":
            self._framed.append(value.strip().lower())

    def on_headers_complete(self) -> None:
        """Give the head to whoever waits, unless another follows it."""
        into, status = self._into, self._parser.get_status_code()
        if into is None or into.is_ended:
            return
        if status < _FINAL:
            self._interim += 1
            if status == _SWITCHED or self._interim > _MOST_INTERIM:
                raise ClientResponseError
            return
        if self._framed not in ([], [b"chunked"]):
            raise ClientResponseError
        bare = not self._framed and not self._lengths
        self._until_close = bare and status not in _WITHOUT_BODY
        self.is_reusable = self.is_reusable and self._parser.should_keep_alive()
        self._in_head, self._quiet, self._many, self._head_bytes = False, 0, 0, 0
        into.headers = found = self._headers
        into.said = {
            name: found[each].decode("latin-1") for each, name in _SAID.items() if each in found
        }
        into.status = status

    def on_message_complete(self) -> None:
        """Note the end of an answer; of one that announces another, go on."""
        into = self._into
        if into is None or not into.status:
            self._begin_head()
        elif not into.is_ended:
            self._gather(into)
            into.is_ended = True

    def _gather(self, into: Incoming) -> None:
        """Give what came of a body."""
        pieces = self._pieces
        if pieces:
            piece = pieces[0] if len(pieces) == 1 else b"".join(pieces)
            into.pieces.append(piece)
            into.size += len(piece)
            self._quiet = 0
            pieces.clear()
