"""The usual commit: the next places of a producer, its entries, or nothing at all."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from muniment.core.actor import system_actor
from muniment.db import Database
from muniment.ledger import store
from muniment.ledger.store.tables import pending_table
from muniment.testing import FixedClock

TEST = system_actor("test")


def kept(database: Database) -> list[tuple[int, int, bytes]]:
    """Read what waits, in order."""
    table = pending_table.c
    with database.look(TEST) as work:
        rows = work.read(
            select(table.first_seq, table.entry_count, table.entries)
            .where(table.producer == "w")
            .order_by(table.id)
        )
        return [(row.first_seq, row.entry_count, bytes(row.entries)) for row in rows]


def append(database: Database, count: int) -> int:
    """Append so many entries, whose bytes say where they begin."""
    return store.append(database, "w", count, lambda first: b"%d" % first)


def begin(database: Database) -> None:
    """Take the first place on the ordinary way."""
    with database.work(TEST) as work:
        store.advance(work, "w", 1)


def test_each_takes_the_places_behind_the_last(database: Database) -> None:
    """Numbers go on without a gap, and the bytes are made for their places."""
    begin(database)
    assert [append(database, 2), append(database, 3)] == [2, 4]
    assert kept(database) == [(2, 2, b"2"), (4, 3, b"4")]


def test_who_comes_for_the_first_time_is_left_to_the_ordinary_way(database: Database) -> None:
    """Nothing is written for a producer that has no place yet."""
    with pytest.raises(store.UnusualError):
        append(database, 1)
    assert kept(database) == []


def test_a_clock_that_ran_back_is_left_to_the_ordinary_way(
    database: Database, clock: FixedClock
) -> None:
    """There the entries are flagged; here no place is taken, so that there is no gap."""
    begin(database)
    clock.set_back(5)
    with pytest.raises(store.UnusualError):
        append(database, 1)
    clock.advance(5)
    assert append(database, 1) == 2
    assert kept(database) == [(2, 1, b"2")]
