"""Writes what waits to be sealed by the short way: the usual commit of the busiest writer.

It sends the very statements of `advance` and `add_pending`. What is not usual, such as a producer
that comes for the first time or a clock that ran back, is left undone for the ordinary way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from muniment.core.clock import stamp
from muniment.db import Database, Repeated
from muniment.ledger.store.tables import ADD_PENDING, ADVANCE

_ADVANCE: Final = Repeated(lambda _dialect: ADVANCE)
_ADD: Final = Repeated(
    lambda _dialect: ADD_PENDING.inline(), ("producer", "first_seq", "entry_count", "entries")
)


class UnusualError(Exception):
    """Nothing was written; the ordinary way knows what to do."""


def append(database: Database, producer: str, count: int, bundle: Callable[[int], bytes]) -> int:
    """Write so many entries; give the place of the first, from which their bytes are made."""
    clock = database.clock
    with database.straight() as straight:
        taken = {"producer": producer, "count": count, "now": clock.now()}
        row = straight.write_one(_ADVANCE, taken)
        # INVARIANT: the clock is read while we hold the producer's row; see `advance`.
        if row is None or stamp(clock.now()) < row[1]:
            raise UnusualError
        first = int(row[0]) - count + 1
        straight.write(
            _ADD,
            {
                "producer": producer,
                "first_seq": first,
                "entry_count": count,
                "entries": bundle(first),
            },
        )
    return first
