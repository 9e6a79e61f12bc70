"""The clock of a story: it runs as fast as the machine's, and jumps ahead when the story does.

It exists only while a demonstration is built; no setting leads to it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from muniment.core.clock import Clock

_LEAST: Final = timedelta(microseconds=1)


class StoryClock:
    """Tells the time of a story, which never goes back."""

    def __init__(self, real: Clock, begins: datetime) -> None:
        self._real = real
        self._lock = Lock()
        self._at = begins
        self._since = real.monotonic()
        self._jumped_seconds = 0.0

    def now(self) -> datetime:
        """Give the time of the story."""
        with self._lock:
            return self._now()

    def monotonic(self) -> float:
        """Give seconds that pass as the machine's do, and all at once where the story jumps."""
        with self._lock:
            return self._real.monotonic() + self._jumped_seconds

    def go_to(self, at: datetime) -> None:
        """Let the story go on at a later time; what is past already is not gone back to."""
        with self._lock:
            now = self._now()
            later = max(at, now + _LEAST)
            self._jumped_seconds += (later - now).total_seconds()
            self._at, self._since = later, self._real.monotonic()

    def _now(self) -> datetime:
        return self._at + timedelta(seconds=self._real.monotonic() - self._since)
