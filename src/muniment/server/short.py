"""What surrounds a call of a model that a connection of ours hands over itself.

It is what `quick.py` does, without ASGI: which requests are calls of the usual kind, their id,
their count and their line in the log, and what goes wrong. Whatever is unusual goes to the server,
and from there the way of everything else.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from muniment.core.clock import Clock
from muniment.core.ids import IdMaker
from muniment.gateway.dialects import BY_PATH, Dialect
from muniment.gateway.edge import Gateway
from muniment.gateway.line import STREAM, Line
from muniment.gateway.telling import Pair, Told
from muniment.server.logs import REQUESTS, request_line, straight
from muniment.server.metrics import Metrics
from muniment.server.middleware import GIVEN_ID, ErrorMapping, names_of, security_headers
from muniment.settings import Settings

BY_URL: Final[Mapping[bytes, Dialect]] = {path.encode(): way for path, way in BY_PATH.items()}
_UNUSUAL: Final = frozenset({b"transfer-encoding", b"expect", b"upgrade"})
_LENGTH: Final = re.compile(rb"[0-9]{1,12}\Z")
_REMEMBERED: Final = 256
_FULL: Final = 503
Found = Mapping[bytes, bytes]


class Turn(Line, Protocol):
    """A call that a connection has read, and the way back to its caller."""

    dialect: Dialect
    headers: Found
    address: str
    raw: bytes | None
    request: str
    status: int
    began: float

    def reply_at_once(self, status: int, body: bytes, told: Told, exchange: str) -> bool:
        """Give a whole answer in JSON, unless it would have to wait; tell whether it was given."""
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
        self._ids, self._clock, self._metrics = ids, clock, metrics
        self._names = names_of(settings)
        self._known: set[bytes] = set()
        self._most = settings.gateway.max_body_bytes
        self.late_seconds = float(settings.gateway.request_seconds)
        self.dress = security_headers(settings)
        self.dress_of_answers = Told.of(self.dress).lines
        given = {name for name, _ in STREAM}
        self.dress_of_streams = Told.of(pair for pair in self.dress if pair[0] not in given).lines
        self._server: tuple[Sequence[Pair], bytes] = ((), b"")

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

    def begin(self, turn: Turn) -> None:
        """Give a call its id, now that its headers are there."""
        given = turn.headers.get(b"x-request-id", b"").decode("latin-1")
        turn.request = given if given and GIVEN_ID.match(given) else self._ids.new("req")
        turn.began = self._clock.monotonic()

    def lines_of(self, headers: Sequence[Pair]) -> bytes:
        """Write what the server says with every answer; it changes once a second."""
        known, lines = self._server
        if known is not headers:
            lines = Told.of(headers).lines
            self._server = headers, lines
        return lines

    def turns_away(self, turn: Turn) -> bool:
        """Answer a call for which there is no room, at once; tell whether it was answered."""
        told = self._gateway.turned_away(turn.dialect)
        if told is None or not turn.reply_at_once(_FULL, *told):
            return False
        self.told(turn)
        return True

    async def answer(self, turn: Turn) -> None:
        """Have a call answered, count it, and write its line."""
        given = turn.dialect, turn.headers, turn.address, turn.raw, turn
        try:
            await self._mapping.over(self._gateway.answer(*given), turn.request, turn.problem)
        finally:
            self.told(turn)

    def told(self, turn: Turn) -> None:
        """Count a call that has ended, and write its line."""
        seconds = self._clock.monotonic() - turn.began
        self._metrics.request("POST", "/v1", turn.status, seconds)
        if not REQUESTS.isEnabledFor(logging.INFO):
            return
        out = straight()
        if out is not None:
            out.say(request_line(self._clock, turn.request, status=turn.status, seconds=seconds))
            return
        told = {"request": turn.request, "method": "POST", "path": "/v1", "status": turn.status}
        REQUESTS.info("request", extra={**told, "duration_ms": round(seconds * 1000, 2)})

    def _is_known(self, host: bytes | None) -> bool:
        """Tell whether a host is a name of this server; it is judged once."""
        if host is None:
            return self._names is None
        if self._names is None or host in self._known:
            return True
        name = host.decode("latin-1").lower()
        known = name.rpartition(":")[0] in self._names or name in self._names
        if known and len(self._known) < _REMEMBERED:
            self._known.add(host)
        return known
