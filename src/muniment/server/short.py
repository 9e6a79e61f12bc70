"""What surrounds a call of a model that a connection of ours hands over itself.

It is what `quick.py` does, without ASGI: which requests are calls of the usual kind, their id,
their count and their line in the log, and what goes wrong. Whatever is unusual goes to the server,
and from there the way of everything else.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from muniment.core.clock import Clock, stamp
from muniment.core.ids import IdMaker
from muniment.gateway.dialects import BY_PATH, Dialect
from muniment.gateway.edge import Gateway, taken
from muniment.gateway.heads import Cut, is_plain
from muniment.gateway.line import STREAM, Line
from muniment.gateway.telling import Pair, Told
from muniment.server.logs import REQUESTS, JsonHandler, request_line, straight
from muniment.server.metrics import Metrics
from muniment.server.middleware import GIVEN_ID, ErrorMapping, names_of, security_headers
from muniment.settings import Settings

BY_URL: Final[Mapping[bytes, Dialect]] = {path.encode(): way for path, way in BY_PATH.items()}
_UNUSUAL: Final = frozenset({b"transfer-encoding", b"expect", b"upgrade"})
_LENGTH: Final = re.compile(rb"[0-9]{1,12}\Z")
_REMEMBERED: Final = 256
_FORGOTTEN_SECONDS: Final = 60.0
_AT_ONCE_BYTES: Final = 65_536
_FULL: Final = 503
_JSON: Final = b"content-type: application/json\r\ncontent-length: "
Found = Mapping[bytes, bytes]


class Usual(NamedTuple):
    """What the head of a call of the usual kind says."""

    dialect: Dialect
    headers: Mapping[str, str]
    request: str
    length: int


class Turn(Line, Protocol):
    """A call that a connection has read, and the way back to its caller."""

    dialect: Dialect
    headers: Mapping[str, str]
    address: str
    raw: bytes | None
    request: str
    status: int
    began: float
    is_first: bool

    def unread(self) -> float:
        """Say for how many seconds it lay unread."""
        ...

    def done(self) -> None:
        """Be told that nothing more is done for it."""
        ...

    async def problem(self, status: int, pairs: list[tuple[bytes, bytes]], body: bytes) -> None:
        """Answer with these headers, or break off what has begun."""
        ...


class Short:
    """Knows calls of the usual kind, and has them answered."""

    def __init__(
        self,
        gateway: Gateway,
        mapping: ErrorMapping,
        *,
        settings: Settings,
        ids: IdMaker,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._gateway, self._mapping = gateway, mapping
        self.ids, self.clock, self._metrics = ids, clock, metrics
        self.known: dict[bytes, Usual] = {}
        self._forgetting: asyncio.TimerHandle | None = None
        self._names = names_of(settings)
        self._hosts: set[bytes] = set()
        self._most = settings.gateway.max_body_bytes
        self.most_at_once = min(self._most, _AT_ONCE_BYTES)
        self.late_seconds = float(settings.gateway.request_seconds)
        self.dress = security_headers(settings)
        self.dress_of_answers = Told.of(self.dress).lines
        given = {name for name, _ in STREAM}
        self.dress_of_streams = Told.of(pair for pair in self.dress if pair[0] not in given).lines
        self.said_as: Sequence[Pair] = ()
        self.said = b""
        self.begins: dict[int, bytes] = {}
        self._out: JsonHandler | None = None
        self._at = ""

    def usual(self, method: bytes, url: bytes, headers: Sequence[Pair]) -> Found | None:
        """Give the headers of a call of the usual kind, of a known length; else nothing."""
        found = dict(headers)
        if method != b"POST" or url not in BY_URL or len(found) != len(headers):
            return None
        length = found.get(b"content-length", b"")
        if not _LENGTH.match(length) or not _UNUSUAL.isdisjoint(found):
            return None
        if b"text/html" in found.get(b"accept", b"") or not self._is_known(found.get(b"host")):
            return None
        return found if int(length) <= self._most else None

    def read(self, url: bytes, found: Found) -> Usual:
        """Take what counts of the headers of a call of the usual kind."""
        given = found.get(b"x-request-id", b"").decode("latin-1")
        request = given if GIVEN_ID.match(given) else ""
        length = int(found[b"content-length"])
        return Usual(BY_URL[url], taken(found), request, length)

    def learn(self, head: Cut, usual: Usual) -> None:
        """Know a head that the parser has read whole if it comes again, for a while.

        It holds a caller's key, so it stays for a minute at most, though nobody calls any more.
        """
        if not is_plain(head, b"POST ", usual.length):
            return
        known = self.known
        if len(known) >= _REMEMBERED:
            known.clear()
        if self._forgetting is None:
            loop = asyncio.get_running_loop()
            self._forgetting = loop.call_later(_FORGOTTEN_SECONDS, self._forget)
        known[head[0]] = usual

    def _forget(self) -> None:
        self._forgetting = None
        self.known.clear()

    def lines_of(self, headers: Sequence[Pair]) -> bytes:
        """Write what the server says with every answer; it changes once a second."""
        if headers is not self.said_as:
            self.said_as, self.said = headers, Told.of(headers).lines
            self.begins.clear()
        return self.said

    def begin_of(self, status: int, headers: Sequence[Pair]) -> bytes:
        """Write how whole answers begin, up to their length; it changes as often."""
        said = self.lines_of(headers)
        self.begins[status] = begin = STATUS_LINE[status] + said + _JSON
        return begin

    def answer(self, turn: Turn) -> Coroutine[Any, Any, None] | None:
        """Begin to answer a call, and give what goes on with it.

        For whom there is no room is answered at once. In the end a call is counted, and written.
        """
        if turn.raw is not None:
            told = self._gateway.turned_away(turn.dialect, turn)
            if told is not None and turn.reply_at_once(_FULL, *told):
                turn.done()
                return None
            if told is not None:  # once its caller takes more
                return self._mapping.over(turn.reply(_FULL, *told), turn)
        doing = self._gateway.answer(turn.dialect, turn.headers, turn.address, turn.raw, turn)
        return self._mapping.over(doing, turn)

    def told(self, turn: Turn) -> None:
        """Count a call that has ended, and write its line.

        Lines that are written together have the time of the first of them.
        """
        seconds = self.clock.monotonic() - turn.began
        self._metrics.request("POST", "/v1", turn.status, seconds)
        out = self._out
        if out is None or not out.waiting:
            if not REQUESTS.isEnabledFor(logging.INFO):
                return
            self._out = out = straight()
            self._at = stamp(self.clock.now())
        if out is not None:
            line = request_line(self._at, turn.request, status=turn.status, seconds=seconds)
            if out.waiting:
                out.waiting.append(line)
            else:
                out.say(line)
            return
        told = {"request": turn.request, "method": "POST", "path": "/v1", "status": turn.status}
        REQUESTS.info("request", extra={**told, "duration_ms": round(seconds * 1000, 2)})

    def _is_known(self, host: bytes | None) -> bool:
        """Tell whether a host is a name of this server; it is judged once."""
        if host is None:
            return self._names is None
        if self._names is None or host in self._hosts:
            return True
        name = host.decode("latin-1").lower()
        known = name.rpartition(":")[0] in self._names or name in self._names
        if known and len(self._hosts) < _REMEMBERED:
            self._hosts.add(host)
        return known
