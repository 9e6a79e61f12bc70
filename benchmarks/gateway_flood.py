"""Sends a gateway more than it can hold, and as little as possible is computed for each call.

Requests are made beforehand but for their number. Each millisecond what is due is sent on a free
connection, or on a new one, whatever became of the others; a call's time counts from when it was
due. How late the callers were themselves is told, so that nobody takes that for the gateway's.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import httptools

from benchmarks.gateway_words import body_of, longer, prompts

_TICK_SECONDS: Final = 0.001
_LONGEST_SECONDS: Final = 60.0
_NUMBER: Final = 900_000_000  # of as many digits as every number that is put in its place
_TOLD_AGAIN: Final = b"\nretry-after:"


class Plan(Protocol):
    """What a flood needs to know."""

    seconds: float
    rate: float
    model: str
    path: str
    key: str
    first: int
    kilobytes: int


@dataclass(slots=True)
class Tally:
    """What came of it."""

    took: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    again: int = 0


class _Caller(asyncio.Protocol):
    """One connection, which carries one call at a time."""

    def __init__(self, flood: Flood) -> None:
        self.flood = flood
        self.transport: asyncio.Transport | None = None
        self.parser = httptools.HttpResponseParser(self)
        self.due = 0.0
        self.is_again = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = transport  # type: ignore[assignment]  # a stream's transport writes

    def connection_lost(self, _error: Exception | None) -> None:
        """End: a call that was under way was not answered, and nobody waits for a lost one."""
        self.transport = None
        if self.due:
            self.flood.ended(self, 0)

    def data_received(self, data: bytes) -> None:
        """Read on."""
        self.is_again = self.is_again or _TOLD_AGAIN in data[:1_024].lower()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            if self.transport is not None:
                self.transport.abort()

    def on_message_complete(self) -> None:
        """Note how the call ended."""
        self.flood.ended(self, self.parser.get_status_code())

    def send(self, raw: bytes, due: float) -> None:
        """Send a call."""
        self.due, self.is_again = due, False
        if self.transport is not None:
            self.transport.write(raw)
        else:
            self.flood.ended(self, 0)


@dataclass(slots=True)
class Flood:
    """One run."""

    host: str
    port: int
    plan: Plan
    found: Tally = field(default_factory=Tally)
    free: list[_Caller] = field(default_factory=list)
    pieces: list[tuple[bytes, bytes]] = field(default_factory=list)
    opening: set[asyncio.Task[None]] = field(default_factory=set)
    under_way: int = 0
    last: asyncio.Future[None] | None = None

    async def run(self) -> dict[str, Any]:
        """Send what is due until the time is over, and wait for what is still under way."""
        self._make_pieces()
        plan = self.plan
        began = time.perf_counter()
        count, sent = round(plan.seconds * plan.rate), 0
        while sent < count:
            due = min(count, int((time.perf_counter() - began) * plan.rate))
            for number in range(sent, due):
                self._send(number, began + number / plan.rate)
            sent = max(sent, due)
            await asyncio.sleep(_TICK_SECONDS)
        computed, sending = time.process_time(), time.perf_counter() - began
        if self.under_way:
            self.last = asyncio.get_running_loop().create_future()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.last, _LONGEST_SECONDS)
        self.found.statuses["0"] += self.under_way
        return self._said(sending, computed)

    def ended(self, caller: _Caller, status: int) -> None:
        """Note what became of a call; its connection is free again."""
        now, due, found = time.perf_counter(), caller.due, self.found
        caller.due = 0.0
        self.under_way -= 1
        found.statuses[str(status)] += 1
        found.again += caller.is_again
        if status == 200:
            found.took.append(now - due)
        if caller.transport is not None:
            self.free.append(caller)
        if not self.under_way and self.last is not None and not self.last.done():
            self.last.set_result(None)

    def _make_pieces(self) -> None:
        plan = self.plan
        for text in longer(prompts(), plan.kilobytes):
            body = body_of(text, _NUMBER, model=plan.model)
            head = (
                f"POST {plan.path} HTTP/1.1\r\nhost: {self.host}:{self.port}\r\n"
                f"authorization: Bearer {plan.key}\r\ncontent-type: application/json\r\n"
                f"content-length: {len(body)}\r\n\r\n"
            )
            before, _, after = body.partition(str(_NUMBER).encode())
            self.pieces.append((head.encode() + before, after))

    def _send(self, number: int, due: float) -> None:
        before, after = self.pieces[number % len(self.pieces)]
        raw = b"%b%d%b" % (before, _NUMBER + self.plan.first % 1_000_000 + number, after)
        self.under_way += 1
        self.found.late.append(time.perf_counter() - due)
        while self.free:
            caller = self.free.pop()
            if caller.transport is not None:
                caller.send(raw, due)
                return
        task = asyncio.get_running_loop().create_task(self._open(raw, due))
        self.opening.add(task)
        task.add_done_callback(self.opening.discard)

    async def _open(self, raw: bytes, due: float) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, caller = await loop.create_connection(lambda: _Caller(self), self.host, self.port)
        except OSError:
            lost = _Caller(self)
            lost.due = due
            self.ended(lost, 0)
            return
        caller.send(raw, due)

    def _said(self, seconds: float, computed: float) -> dict[str, Any]:
        took, late, statuses = self.found.took, self.found.late, self.found.statuses
        return {
            "seconds": seconds,
            "statuses": {name: many for name, many in statuses.items() if many},
            "with_retry_after": self.found.again,
            "busy": computed / seconds if seconds else 0.0,
            "rate": len(took) / seconds if seconds else 0.0,
            "p50": _part(took, 0.5),
            "p99": _part(took, 0.99),
            "late_p99": _part(late, 0.99),
        }


def _part(values: list[float], part: float) -> float:
    """Give the value that so large a part stays below, in milliseconds."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1_000 if ordered else 0.0
