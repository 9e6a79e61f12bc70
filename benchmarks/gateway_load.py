"""Calls a gateway, in a process of its own, and says in JSON how that went.

    python -m benchmarks.gateway_load ADDRESS PLAN

PLAN is JSON: `mode` is `closed` (each of `connections` asks again when it was answered), `paced` (a
call every so often, whatever became of the others; its time counts from when it was due), `flood`
(the same for very many calls) or `streams` (as closed, and the time to the first words counts).
With `spread` callers begin one after the other over so many seconds, not in one instant. A
`patient` caller asks again what was turned away or broke off, when it was told to, as the official
clients do; the others go on.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httptools
import uvloop

from benchmarks.gateway_flood import Flood
from benchmarks.gateway_words import body_of, longer, prompts

_LONGEST_SECONDS: Final = 60.0
_TURNED_AWAY: Final = frozenset({0, 429, 502, 503, 504})


@dataclass(slots=True)
class Plan:
    """What to do."""

    mode: str = "closed"
    connections: int = 8
    seconds: float = 5.0
    calls: int = 0
    rate: float = 100.0
    pace_ms: int | None = None
    spread: float = 0.0
    model: str = "mock"
    path: str = "/v1/chat/completions"
    key: str = ""
    first: int = 0
    kilobytes: int = 1
    told: str = ""
    patient: bool = False


@dataclass(slots=True)
class Found:
    """What came of it."""

    took: list[float] = field(default_factory=list)
    first_words: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    again: int = 0
    late: float = 0.0

    def as_value(self, seconds: float) -> dict[str, Any]:
        """Give it in a form that is printed."""
        fine = sorted(self.took)
        return {
            "seconds": seconds,
            "statuses": dict(self.statuses),
            "with_retry_after": self.again,
            "busy": time.process_time() / seconds if seconds else 0.0,
            "rate": len(fine) / seconds if seconds else 0.0,
            **_quantiles("", fine),
            **_quantiles("first_", sorted(self.first_words)),
        }


class Asking(asyncio.Protocol):
    """One connection that asks and waits."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.parser = httptools.HttpResponseParser(self)
        self.done: asyncio.Future[int] | None = None
        self.first = self.retry_after = 0.0
        self.exchange = ""
        self.lost = self._ended = False
        self._data = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = transport  # type: ignore[assignment]  # a stream's transport writes

    def connection_lost(self, _error: Exception | None) -> None:
        """Tell who waits that nothing more comes."""
        self.lost = True
        if self.done is not None and not self.done.done():
            self.done.set_result(0)

    def data_received(self, data: bytes) -> None:
        """Read on."""
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self.connection_lost(None)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note what matters."""
        if name.lower() == b"retry-after":
            self.retry_after = float(value)
        elif name.lower() == b"x-muniment-exchange":
            self.exchange = value.decode()

    def on_body(self, data: bytes) -> None:
        """Note when the first words came, and whether the end did."""
        if not self.first and b'"content":"' in data.replace(b" ", b""):
            self.first = time.perf_counter()
        self._data = self._data[-20:] + data
        self._ended = b"[DONE]" in self._data

    def on_message_complete(self) -> None:
        """Tell who waits."""
        status = self.parser.get_status_code()
        self.parser = httptools.HttpResponseParser(self)
        if self.done is not None and not self.done.done():
            self.done.set_result(status)

    async def ask(self, raw: bytes, *, streams: bool) -> int:
        """Send a request; give the status, 0 where no whole answer came."""
        self.done = asyncio.get_running_loop().create_future()
        self.first, self.retry_after, self.exchange = 0.0, 0.0, ""
        self._ended = False
        self._data.clear()
        if self.transport is None or self.lost:
            return 0
        self.transport.write(raw)
        try:
            status = await asyncio.wait_for(self.done, _LONGEST_SECONDS)
        except TimeoutError:
            self.transport.abort()
            return 0
        return 0 if streams and status == 200 and not self._ended else status


@dataclass(slots=True)
class Load:
    """One run."""

    host: str
    port: int
    plan: Plan
    found: Found = field(default_factory=Found)
    number: int = 0
    free: list[Asking] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    told: int | None = None

    async def run(self) -> dict[str, Any]:
        """Do what the plan says."""
        self.number = self.plan.first
        if self.plan.told:
            self.told = os.open(self.plan.told, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.texts = longer(prompts(), self.plan.kilobytes)
        began = time.perf_counter()
        if self.plan.mode == "paced":
            await self._paced(began)
        else:
            turns = range(self.plan.connections)
            await asyncio.gather(*(self._closed(began, turn) for turn in turns))
        return self.found.as_value(time.perf_counter() - began)

    async def _closed(self, began: float, turn: int) -> None:
        one: Asking | None = None
        await asyncio.sleep(self.plan.spread * turn / self.plan.connections)
        while self._goes_on(began) and not self._is_all():
            self.number += 1
            number = self.number
            while self._goes_on(began):
                one = await self._opened() if one is None or one.lost else one
                if one is None:
                    await asyncio.sleep(0.05)
                    continue
                status = await self._call(one, time.perf_counter(), number)
                if not self.plan.patient or status not in _TURNED_AWAY:
                    break

    def _goes_on(self, began: float) -> bool:
        return time.perf_counter() - began < self.plan.seconds

    def _is_all(self) -> bool:
        return bool(self.plan.calls) and self.number - self.plan.first >= self.plan.calls

    async def _paced(self, began: float) -> None:
        tasks = []
        for turn in range(round(self.plan.seconds * self.plan.rate)):
            due = began + turn / self.plan.rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(self._one_paced(due)))
        await asyncio.gather(*tasks)

    async def _one_paced(self, due: float) -> None:
        while self.free and self.free[-1].lost:  # it was idle for so long that it was closed
            self.free.pop()
        one = self.free.pop() if self.free else await self._opened()
        if one is None:
            self.found.statuses["unreachable"] += 1
            return
        self.number += 1
        await self._call(one, due, self.number)
        if not one.lost:
            self.free.append(one)

    async def _call(self, one: Asking, due: float, number: int) -> int:
        text = self.texts[number % len(self.texts)]
        body = body_of(text, number, pace_ms=self.plan.pace_ms, model=self.plan.model)
        head = (
            f"POST {self.plan.path} HTTP/1.1\r\nhost: {self.host}:{self.port}\r\n"
            f"authorization: Bearer {self.plan.key}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        )
        status = await one.ask(head.encode() + body, streams=self.plan.pace_ms is not None)
        ended = time.perf_counter()
        self.found.statuses[str(status)] += 1
        self.found.again += int(one.retry_after > 0)
        if status == 200:
            self.found.took.append(ended - due)
            if one.first:
                self.found.first_words.append(one.first - due)
        if self.told is not None:
            os.write(self.told, f"{number} {status} {one.exchange}\n".encode())
        if self.plan.patient and one.retry_after:  # not all of them in the same moment
            await asyncio.sleep(one.retry_after * random.uniform(1.0, 1.5))
        elif status in (0, 429, 503):
            await asyncio.sleep(0.01 if status else 0.05)
        return status

    async def _opened(self) -> Asking | None:
        loop = asyncio.get_running_loop()
        try:
            _, made = await loop.create_connection(Asking, self.host, self.port)
        except OSError:
            return None
        return made


def _quantiles(name: str, values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {f"{name}p50": 0.0, f"{name}p99": 0.0}
    at = [values[min(len(values) - 1, int(len(values) * part))] for part in (0.5, 0.99)]
    return {f"{name}p50": at[0] * 1_000, f"{name}p99": at[1] * 1_000}


def main(arguments: Sequence[str]) -> None:
    """Call, and print what came of it."""
    host, _, port = arguments[0].rpartition(":")
    plan = Plan(**json.loads(arguments[1]))
    load = Flood if plan.mode == "flood" else Load
    print(json.dumps(uvloop.run(load(host, int(port), plan).run())), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
