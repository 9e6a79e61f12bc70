"""Which routes rest after failures, and how many retries a process may still make."""

from __future__ import annotations

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

    def rests(self, label: str, now: float) -> bool:
        """Tell whether a route failed so often lately that it is left alone."""
        count, since = self._failed.get(label, (0, 0.0))
        return count >= _FAILURES and now - since < _REST_SECONDS

    def failed(self, label: str, now: float) -> None:
        """Note a failure."""
        self._failed[label] = (self._failed.get(label, (0, 0.0))[0] + 1, now)

    def worked(self, label: str) -> None:
        """Note that a route answered."""
        self._failed.pop(label, None)
        self.saved = min(_MOST_SAVED, self.saved + _DEPOSIT)

    def spend(self) -> bool:
        """Take one retry from what was saved, if there is one."""
        if self.saved < 1:
            return False
        self.saved -= 1
        return True
