"""Which routes rest after failures, and how many retries a process may still make.

A route that failed again and again rests for a while. Then one call tries it; if that fails too, it
rests again, and meanwhile nobody else waits for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

_FAILURES: Final = 5
_REST_SECONDS: Final = 10.0
_DEPOSIT: Final = 0.2
_MOST_SAVED: Final = 20.0


@dataclass(slots=True)
class Circuits:
    """Which routes rest, and how many retries the process may still make."""

    saved: float = _MOST_SAVED
    _failed: dict[str, tuple[int, float]] = field(default_factory=dict)

    def are_calm(self) -> bool:
        """Tell whether no route failed lately."""
        return not self._failed

    def admits(self, label: str, now: float) -> bool:
        """Tell whether a call may take a route; of one that has rested the first one may, alone."""
        count, since = self._failed.get(label, (0, 0.0))
        if count < _FAILURES:
            return True
        if now - since < _REST_SECONDS:
            return False
        self._failed[label] = (count, now)  # others wait until this one has come back, or failed
        return True

    def rests_for(self, label: str, now: float) -> int:
        """Say in how many whole seconds a route may be tried again."""
        count, since = self._failed.get(label, (0, 0.0))
        left = since + _REST_SECONDS - now
        return max(1, math.ceil(left)) if count >= _FAILURES else 0

    def failed(self, label: str, now: float) -> None:
        """Note a failure."""
        self._failed[label] = (self._failed.get(label, (0, 0.0))[0] + 1, now)

    def worked(self, label: str) -> None:
        """Note that a route answered."""
        if self._failed:
            self._failed.pop(label, None)
        if self.saved < _MOST_SAVED:
            self.saved = min(_MOST_SAVED, self.saved + _DEPOSIT)

    def spend(self) -> bool:
        """Take one retry from what was saved, if there is one."""
        if self.saved < 1:
            return False
        self.saved -= 1
        return True
