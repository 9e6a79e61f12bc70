"""Writes what waits to be sealed by the short way: the usual commit of the busiest writer.

It sends the very statements of `advance` and `add_pending`. What is not usual, such as a producer
that comes for the first time or a clock that ran back, is left undone for the ordinary way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from muniment.core.clock import stamp
from muniment.db import Database, Prepared
from muniment.ledger.store.tables import ADD_PENDING, ADVANCE

_PENDING: Final = ("producer", "first_seq", "entry_count", "entries")


class UnusualError(Exception):
    """Nothing was written; the ordinary way knows what to do."""


class Appender:
    """Appends the batches of one producer to what waits to be sealed."""

    def __init__(self, database: Database, producer: str) -> None:
        self._database = database
        self._producer = producer
        dialect = database.writer.dialect
        self._advance = Prepared(ADVANCE, dialect)
        self._add = Prepared(ADD_PENDING.inline(), dialect, _PENDING)

    def append(self, count: int, bundle: Callable[[int], bytes]) -> int:
        """Write so many entries; give the place of the first, from which their bytes are made."""
        producer, clock = self._producer, self._database.clock
        with self._database.straight() as straight:
            taken = {"producer": producer, "count": count, "now": clock.now()}
            row = straight.write_one(self._advance, taken)
            # INVARIANT: the clock is read while we hold the producer's row; see `advance`.
            if row is None or stamp(clock.now()) < row[1]:
                raise UnusualError
            first = int(row[0]) - count + 1
            straight.write(
                self._add,
                {
                    "producer": producer,
                    "first_seq": first,
                    "entry_count": count,
                    "entries": bundle(first),
                },
            )
        return first
