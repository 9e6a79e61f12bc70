"""The usual commit: the next places of a producer, its entries, or nothing at all."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from muniment.core.actor import system_actor
from muniment.db import Database, DriverError
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


def append(database: Database, count: int, place: store.Place | None = None) -> int:
    """Append so many entries, whose bytes say where they begin."""
    return store.append(database, "w", count, lambda first: b"%d" % first, place)


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


def test_who_remembers_their_place_writes_the_same(database: Database) -> None:
    """The rows are those of the longer way, and so is how far the producer has come."""
    begin(database)
    place = store.Place()
    assert [append(database, count, place) for count in (2, 3, 1)] == [2, 4, 7]
    assert append(database, 1) == 8
    assert kept(database) == [(2, 2, b"2"), (4, 3, b"4"), (7, 1, b"7"), (8, 1, b"8")]


def test_a_place_that_was_taken_meanwhile_is_asked_for(database: Database) -> None:
    """Whoever else writes for this producer leaves no gap, and nothing is written twice."""
    begin(database)
    place = store.Place()
    first = [append(database, 1, place), append(database, 2, place)]
    with database.work(TEST) as work:
        store.advance(work, "w", 3)
    then = [append(database, 1, place), append(database, 2, place)]
    assert (first, then) == ([2, 3], [8, 9])
    assert kept(database) == [(2, 1, b"2"), (3, 2, b"3"), (8, 1, b"8"), (9, 2, b"9")]


def test_a_clock_that_ran_back_is_seen_by_who_remembers_their_place(
    database: Database, clock: FixedClock
) -> None:
    """Nothing is written by either short way; when time has come again, it goes on."""
    begin(database)
    place = store.Place()
    append(database, 1, place)
    append(database, 1, place)
    clock.set_back(5)
    with pytest.raises(store.UnusualError):
        append(database, 1, place)
    clock.advance(5)
    assert [append(database, 1, place), append(database, 1, place)] == [4, 5]
    assert [row[0] for row in kept(database)] == [2, 3, 4, 5]


def test_a_failure_makes_a_place_unknown(database: Database) -> None:
    """Who asked is told, nothing of it is written, and the next takes the place."""
    begin(database)
    place = store.Place()
    append(database, 1, place)
    with database.work(TEST) as work:
        store.add_pending(work, "w", 3, 1, b"in the way")
    with pytest.raises(DriverError):
        append(database, 1, place)
    with database.work(TEST) as work:
        store.advance(work, "w", 1)
    assert append(database, 1, place) == 4
    assert [row[0] for row in kept(database)] == [2, 3, 4]
