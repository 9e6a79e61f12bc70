"""Writes what waits to be sealed by the short way: the usual commit of the busiest writer.

It sends the very statements of `advance` and `add_pending`. What is not usual, such as a producer
that comes for the first time or a clock that ran back, is left undone for the ordinary way. Who
remembers the place that was taken last has both statements sent as one, which does nothing where
the producer is at another place, or its clock ran back: then the place is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Update, update

from muniment.core.clock import stamp
from muniment.db import Database, Joint, Repeated
from muniment.db.joint import Named
from muniment.ledger.store.tables import ADD_PENDING, ADVANCE, pending_table, producers_table

_ADVANCE: Final = Repeated(lambda _dialect: ADVANCE)
_ADD: Final = Repeated(
    lambda _dialect: ADD_PENDING.inline(), ("producer", "first_seq", "entry_count", "entries")
)


def _advance(new: Named) -> Update:
    """Do what `ADVANCE` does, if the producer is where we think, and its clock did not run back."""
    table = producers_table.c
    return (
        update(producers_table)
        .where(
            table.name == new("producer"),
            table.last_seq == new("last_seq"),
            table.last_at <= new("last_at"),
        )
        .values(last_seq=table.last_seq + new("entry_count"), last_at=new("last_at"))
    )


_APPEND: Final = Joint(
    "append",
    {
        "last_seq": producers_table.c.last_seq,
        "last_at": producers_table.c.last_at,
        "producer": pending_table.c.producer,
        "first_seq": pending_table.c.first_seq,
        "entry_count": pending_table.c.entry_count,
        "entries": pending_table.c.entries,
    },
    _advance,
    pending_table,
)


class UnusualError(Exception):
    """Nothing was written; the ordinary way knows what to do."""


@dataclass(slots=True)
class Place:
    """The place that a producer took last, as far as its only writer remembers."""

    last_seq: int | None = None


def append(
    database: Database,
    producer: str,
    count: int,
    bundle: Callable[[int], bytes],
    place: Place | None = None,
) -> int:
    """Write so many entries; give the place of the first, from which their bytes are made."""
    if place is None:
        return _append(database, producer, count, bundle)
    last, place.last_seq = place.last_seq, None  # unknown, whatever happens on the way
    if last is None or not _append_at(database, producer, count, last, bundle(last + 1)):
        last = _append(database, producer, count, bundle) - 1
    place.last_seq = last + count
    return last + 1


def _append_at(database: Database, producer: str, count: int, last: int, entries: bytes) -> bool:
    """Write entries that were made for a place, if it is still the next; tell whether it is."""
    return database.straight().write_joint(
        _APPEND,
        {
            "last_seq": last,
            "last_at": stamp(database.clock.now()),
            "producer": producer,
            "first_seq": last + 1,
            "entry_count": count,
            "entries": entries,
        },
    )


def _append(database: Database, producer: str, count: int, bundle: Callable[[int], bytes]) -> int:
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
