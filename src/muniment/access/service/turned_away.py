"""Keys, tokens and certificates that opened nothing: told by the ledger, and no way to flood it.

Programs ask far more often than people type, and need nobody's leave to try. So what is refused is
gathered in memory by where it came from, and written together every five seconds at most; what
comes alone is written at once. A flood from very many addresses is one number with no address.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from muniment.access.rules.throttle import source_address
from muniment.access.service.guessing import SIGN_IN, count_refusals
from muniment.core.errors import ConflictError, UnavailableError
from muniment.db import Database, require_may_wait

_WRITE_EVERY_SECONDS: Final = 5.0
_SOURCES_KEPT: Final = 1_000
_SOURCES_NAMED: Final = 20
_MANY: Final = "many addresses"
_WHY: Final = "it opens nothing"

_Gathered = Counter[tuple[str, str]]


@dataclass(slots=True)
class TurnedAway:
    """What one process refused and has not written yet."""

    database: Database
    _gathered: _Gathered = field(default_factory=Counter, repr=False)
    _written_at: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, address: str, way: str) -> None:
        """Note that what somebody showed opened nothing."""
        require_may_wait()
        source = source_address(address)
        with self._lock:
            if (source, way) not in self._gathered and len(self._gathered) >= _SOURCES_KEPT:
                source = _MANY
            self._gathered[source, way] += 1
        self.write_if_due()

    def write_if_due(self) -> None:
        """Write what waits, if the last time is long enough ago; it is never worth an error."""
        if not self._gathered:
            return
        now = self.database.clock.monotonic()
        with self._lock:
            if not self._gathered or now - self._written_at < _WRITE_EVERY_SECONDS:
                return
            require_may_wait()
            self._written_at = now
        with suppress(UnavailableError, ConflictError):
            self.write()

    def write(self) -> int:
        """Write what waits; give how many. What could not be written waits on."""
        require_may_wait()
        with self._lock:
            gathered, self._gathered = self._gathered, Counter()
        try:
            if gathered:
                with self.database.work(SIGN_IN) as work:
                    for (source, way), times in _told(gathered).items():
                        count_refusals(work, source, way=way, why=_WHY, times=times)
        except (UnavailableError, ConflictError):
            with self._lock:
                self._gathered.update(gathered)
            raise
        return gathered.total()


def _told(gathered: _Gathered) -> Mapping[tuple[str, str], int]:
    """Name the sources that came most often, and count all others as one."""
    told: _Gathered = Counter()
    for number, ((source, way), times) in enumerate(gathered.most_common()):
        told[source if number < _SOURCES_NAMED else _MANY, way] += times
    return told
