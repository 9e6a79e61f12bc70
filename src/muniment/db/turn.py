"""One writer at a time, in the order they came.

SQLite has one writer. A lock or a pool that wakes whoever is quickest lets a busy thread write
again and again while the others wait until they give up: leases are lost, heartbeats missing. Here
the turn is handed to whoever waits longest.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from muniment.core.errors import UnavailableError


class Turn:
    """A place for one thread at a time; the others queue, and give up after so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for one's turn, and hand it on at the end."""
        self.enter()
        try:
            yield
        finally:
            self.hand_on()

    def enter(self) -> None:
        """Wait for one's turn."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = threading.Event()
            self._waiting.append(mine)
        came = False
        try:
            came = mine.wait(self._seconds)
        finally:
            if not came:
                self._leave(mine)
        if not came:
            raise UnavailableError(
                "another thread writes to the database for too long", remedy="Try again shortly."
            )

    def _leave(self, mine: threading.Event) -> None:
        """Give up, also if the turn came at that very moment: then it is for the next."""
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return
        self.hand_on()

    def hand_on(self) -> None:
        """Give one's turn to whoever waits longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
