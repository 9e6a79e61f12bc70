"""Time, as something handed in.

Nothing in the house calls the system clock but `SystemClock`; rules get a time, services get a
`Clock`. Times are aware, in UTC, to the microsecond, and written one way only.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final, Protocol

from muniment.core.compiled import compiled
from muniment.core.errors import InvalidError


class Clock(Protocol):
    """What time it is, and how long something took."""

    def now(self) -> datetime:
        """Give the time of day in UTC."""
        ...

    def monotonic(self) -> float:
        """Give seconds that never run backwards, for measuring only."""
        ...


class SystemClock:
    """The machine's own clock."""

    # Themselves, not through methods: a call of a model asks them some fifty times.
    now = staticmethod(partial(datetime.now, UTC))  # noqa: TID251 the one place that asks the machine
    monotonic = staticmethod(time.monotonic)  # noqa: TID251 the one place that asks the machine


def give_way() -> None:
    """Let other threads go on that wait for the interpreter, in the midst of something long.

    By itself it changes hands only every five milliseconds, which is as long as a call takes.
    """
    time.sleep(0)


def stamp(at: datetime) -> str:
    """Write a time the one way the house writes it: 2026-11-20T14:27:03.118000Z."""
    return _stamped(at) or stamped(at)


def stamped(at: datetime) -> str:
    """Write a time in any zone, without compiled code."""
    if at.utcoffset() is None:
        raise InvalidError(
            "a time without a zone cannot be recorded", field="at", remedy="Give it in UTC."
        )
    # Not strftime: it writes the year 999 with three digits on some systems, and sorts it last.
    return _in_utc(at).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


_stamped: Final[Callable[[datetime], str | None]] = (
    compiled.stamped if compiled is not None else stamped
)


def parse_stamp(text: str) -> datetime:
    """Read a time written by `stamp`, or any RFC 3339 time with a zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidError(
            f"{text[:40]!r} is not a time",
            field="at",
            remedy="Write it as 2026-11-20T14:27:03Z.",
        ) from error
    if at.tzinfo is UTC:
        return at
    if at.utcoffset() is None:
        raise InvalidError(
            f"{text[:40]!r} has no zone", field="at", remedy="Add Z for UTC, or an offset."
        )
    return _in_utc(at)


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise InvalidError(
            f"{at.isoformat()} lies outside the years 1 to 9999 in UTC",
            field="at",
            remedy="Give a time within them.",
        ) from error
