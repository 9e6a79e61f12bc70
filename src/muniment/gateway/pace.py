"""Tells when a process has more to do than it can: what should be done now is done late.

Whoever calls then is asked to come again, at once, instead of waiting in a queue that only grows.
"""

from __future__ import annotations

import asyncio
from typing import Final

_LOOK_SECONDS: Final = 0.05
LATE_SECONDS: Final = 0.4


class Pace:
    """How far one loop is behind."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._due = loop.time() + _LOOK_SECONDS
        self._late = 0.0
        self._next = loop.call_at(self._due, self._look)

    def is_behind(self) -> bool:
        """Tell whether what was due is done too late."""
        return max(self._late, self._loop.time() - self._due) > LATE_SECONDS

    def stop(self) -> None:
        """Look no more."""
        self._next.cancel()

    def _look(self) -> None:
        now = self._loop.time()
        self._late = now - self._due
        self._due = now + _LOOK_SECONDS
        self._next = self._loop.call_at(self._due, self._look)
