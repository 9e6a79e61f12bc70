"""How many live pages are open in this process, and whose they are.

A stream holds a connection for as long as it is watched, so there is an end to them: for each
person, so that one with many windows keeps nobody out, and for all together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from muniment.core.errors import UnavailableError


@dataclass(slots=True)
class Seats:
    """The open streams of one process; used from its one loop only."""

    each: int
    most: int
    _taken: Counter[str] = field(default_factory=Counter)

    def full_for(self, person: str) -> str:
        """Say why somebody cannot watch one more page live; empty when they can."""
        if self._taken[person] >= self.each:
            return (
                f"you have {self.each:,} live pages open, which is as many as one person may have"
            )
        if self._taken.total() >= self.most:
            return f"{self.most:,} live pages are open, which is as many as this server keeps"
        return ""

    def require_one(self, person: str) -> None:
        """Refuse where there is no seat."""
        if full := self.full_for(person):
            raise UnavailableError(
                full, remedy="Close one that you do not need, or load the page again now and then."
            )

    @contextmanager
    def taken_by(self, person: str) -> Iterator[None]:
        """Hold a seat for as long as a stream lasts."""
        self._taken[person] += 1
        try:
            yield
        finally:
            self._taken[person] -= 1
            if not self._taken[person]:
                del self._taken[person]
