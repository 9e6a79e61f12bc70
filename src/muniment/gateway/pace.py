"""Tells when a process has more to do than it can: what should be done now is done late.

Whoever calls then is asked to come again, at once, instead of waiting in a queue that only grows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf
from typing import Final, Protocol

from muniment.gateway.exchange import Stop

_LOOK_SECONDS: Final = 0.05
_LOOKS_WITHOUT_CALLS: Final = 20
LATE_SECONDS: Final = 0.4
_DRAGS_SECONDS: Final = 0.1
LEAST_WAITING: Final = 64
MOST_WAIT_SECONDS: Final = 0.25
LONGEST_WAIT_SECONDS: Final = 0.35
_RATE_SECONDS: Final = 0.5
SLOW_WAIT_SECONDS: Final = 1.0
_FEWEST: Final = 8
_SOME: Final = 2
_HOLDS_SECONDS: Final = 2.0
_MANY: Final = 32
_BUSY_SECONDS: Final = 1


def busy() -> Stop:
    """Ask to come again: nothing of the call was done, so nothing of it is recorded."""
    return Stop(
        503,
        "overloaded",
        "more calls are under way than this process carries",
        remedy="Try again shortly.",
        retry_after=_BUSY_SECONDS,
        retry=True,
        recorded=True,
    )


class Coming(Protocol):
    """A call that a connection has just read."""

    is_first: bool
    """Whether no other came over its connection before; it may have lain before the door."""

    def unread(self) -> float:
        """Say for how many seconds it lay unread."""
        ...


class Pace:
    """How far one loop is behind.

    The loop's own time stands still while it goes round once, and what is late is late within it.
    It looks as long as calls come, and for a second after the last.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, monotonic: Callable[[], float]) -> None:
        self._loop, self._monotonic = loop, monotonic
        self.has_calls = False
        """Whether a call came since it looked; whoever notes one has it begin if it rests."""
        self._quiet = 0
        self.begin()

    def is_behind(self, coming: Coming | None = None) -> bool:
        """Tell whether what was due is done too late, or this call was read too late.

        What comes over a connection in use is read each time the loop goes round; it may have lain
        there only where that takes long. One over a new connection may have lain before the door.
        """
        late = max(self._late, self._monotonic() - self._due)
        if late > LATE_SECONDS:
            return True
        if coming is None or not (coming.is_first or late > _DRAGS_SECONDS):
            return False
        return coming.unread() > LATE_SECONDS

    def stop(self) -> None:
        """Look no more."""
        self._next.cancel()

    def begin(self) -> None:
        """Look from now on."""
        self.rests, self._quiet = False, 0
        self._late, self._due = 0.0, self._monotonic() + _LOOK_SECONDS
        self._next = self._loop.call_later(_LOOK_SECONDS, self._look)

    def _look(self) -> None:
        self._quiet = 0 if self.has_calls else self._quiet + 1
        self.has_calls = False
        if self._quiet > _LOOKS_WITHOUT_CALLS:
            self.rests, self._late, self._due = True, 0.0, inf
            return
        now = self._monotonic()
        self._late = now - self._due
        self._due = now + _LOOK_SECONDS
        self._next = self._loop.call_later(_LOOK_SECONDS, self._look)


class Queue:
    """The calls that wait for this process: before they go to a provider, and once it answered.

    As many may wait as it gets done in a quarter of a second; who comes then would wait longer than
    anybody should. Nor does anybody come while many wait and the first of them has waited for a
    third of a second. Those that wait for a provider or for a person are not counted.

    A few dozen may come at once after a quiet time, however little was asked before. Where even
    they take longer than a second, as was seen while some waited all the time, they are fewer.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._waiting = dict[str, float]()
        self._since = monotonic()
        self._passed = 0
        self._rate = 0.0
        self._carries, self._seen_at = 0.0, float("-inf")
        self._was_idle = True

    def __len__(self) -> int:
        return len(self._waiting)

    def is_full(self) -> bool:
        """Tell whether one more call would wait too long."""
        many = len(self._waiting)
        if many < _FEWEST:
            return False
        now = self._monotonic()
        if many >= self._rate * MOST_WAIT_SECONDS and many >= self._least(now):
            return True
        return many >= _MANY and now - next(iter(self._waiting.values())) > LONGEST_WAIT_SECONDS

    def _least(self, now: float) -> int:
        """Say how many may wait however few were done of late."""
        if now - self._seen_at > _HOLDS_SECONDS:
            return LEAST_WAITING
        return min(LEAST_WAITING, max(_FEWEST, int(self._carries * SLOW_WAIT_SECONDS)))

    def enter(self, exchange: str, now: float | None = None) -> None:
        """Count a call as waiting from now on."""
        self._waiting[exchange] = self._monotonic() if now is None else now

    def passes(self, exchange: str, now: float | None = None) -> None:
        """Count a call no more: it goes to a provider, waits for a person, or has ended."""
        if self._waiting.pop(exchange, None) is None:
            return
        self._passed += 1
        if not self._was_idle:
            self._was_idle = len(self._waiting) < _SOME
        now = self._monotonic() if now is None else now
        seconds = now - self._since
        if seconds >= _RATE_SECONDS:
            self._rate = self._passed / seconds
            if not self._was_idle:  # it did what it can
                self._carries, self._seen_at = self._rate, now
            self._since, self._passed = now, 0
            self._was_idle = len(self._waiting) < _SOME
