"""A clock that stands still until told, and ids that come out the same each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from muniment.core.clock import Clock
from muniment.core.ids import IdMaker

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class FixedClock:
    """A clock whose time moves only by `advance`."""

    def __init__(self, at: datetime = START) -> None:
        self._at = at
        self._seconds = 0.0

    def now(self) -> datetime:
        """Give the time it was set to."""
        return self._at

    def monotonic(self) -> float:
        """Give the seconds it was advanced by."""
        return self._seconds

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._at += timedelta(seconds=seconds)
        self._seconds += max(seconds, 0.0)

    def set_back(self, seconds: float) -> None:
        """Let the wall clock jump back, as real ones do."""
        self._at -= timedelta(seconds=seconds)


def counting_ids(clock: Clock) -> IdMaker:
    """Make ids that count up instead of being drawn by chance."""
    count = 0

    def next_bits(_bits: int) -> int:
        nonlocal count
        count += 1
        return count

    return IdMaker(clock, next_bits)
