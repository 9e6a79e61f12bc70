"""Remembers what was read for a moment: one thread reads anew, the others go on with what is young.

Nothing older than a second is ever given, and what cannot be read again is not given either.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Generic, TypeVar

from muniment.db import kept_fresh, require_may_wait

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

FRESH_SECONDS: Final = 0.4
OLDEST_SECONDS: Final = 0.9
_MOST: Final = 10_000


@dataclass(slots=True)
class Fresh(Generic[K, V]):
    """What was read under each key, and when."""

    monotonic: Callable[[], float]
    read: Callable[[K], V]
    fresh_seconds: float = FRESH_SECONDS
    _known: dict[K, tuple[float, V]] = field(default_factory=dict, repr=False)
    _reading: dict[K, threading.Lock] = field(default_factory=dict, repr=False)

    def get(self, key: K) -> V:
        """Give what is known under a key, read less than a second ago."""
        found = self._known.get(key)
        if found is not None and 0 <= self.monotonic() - found[0] < self.fresh_seconds:
            return found[1]
        age = self._age(found)
        lock = self._reading.setdefault(key, threading.Lock())
        waits = age >= OLDEST_SECONDS
        if waits:
            require_may_wait()
        elif found is not None and kept_fresh((id(self), key), partial(self.get, key)):
            return found[1]
        if not lock.acquire(blocking=waits) and found is not None:
            return found[1]  # another thread reads it just now
        try:
            found = self._known.get(key)
            if found is not None and self._age(found) < self.fresh_seconds:
                return found[1]
            return self._read(key)
        finally:
            lock.release()

    def learn(self, key: K, value: V, read_at: float) -> None:
        """Take what was read beside something else, if nothing newer is known."""
        found = self._known.get(key)
        if found is not None and found[0] < read_at:
            self._known[key] = (read_at, value)

    def _read(self, key: K) -> V:
        now = self.monotonic()
        value = self.read(key)
        if len(self._known) >= _MOST:
            self._known.clear()
            self._reading.clear()
        self._known[key] = (now, value)
        return value

    def _age(self, found: tuple[float, V] | None) -> float:
        if found is None:
            return OLDEST_SECONDS
        age = self.monotonic() - found[0]
        return age if age >= 0 else OLDEST_SECONDS
