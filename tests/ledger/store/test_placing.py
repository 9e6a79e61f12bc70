"""Batches get their places, each once, whoever wrote them and whatever is known of those before."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError
from muniment.db import Database
from muniment.ledger import store
from muniment.ledger.store.tables import begin_head, sequenced_table
from muniment.verify import EMPTY_ROOT

ACTOR = system_actor("test")
SEQUENCER = "sequencer"


def begin(database: Database) -> int:
    """Begin a log, and lead it; give the epoch."""
    with database.work(ACTOR) as work:
        begin_head(work, "ins_1", "log.example", EMPTY_ROOT)
        return store.take_epoch(work)


def write(database: Database, producer: str, *counts: int) -> None:
    """Write batches of so many entries, each in a commit of its own."""
    for count in counts:
        with database.work(ACTOR) as work:
            first, _ = store.advance(work, producer, count)
            store.add_pending(work, producer, first, count, b"%s" % producer.encode())


def assign(database: Database, epoch: int, known: store.Placed) -> int:
    """Give places; how many got one."""
    with database.work(ACTOR) as work:
        return store.assign(work, epoch, SEQUENCER, known)


def assign_and_fail(database: Database, epoch: int, known: store.Placed) -> None:
    """Give places in a commit that does not come about."""
    with database.work(ACTOR) as work:
        assert store.assign(work, epoch, SEQUENCER, known) == 1
        store.assign(work, epoch + 1, SEQUENCER, known)  # nobody has that epoch


def places(database: Database) -> list[tuple[int, int]]:
    """Read which batch stands where."""
    table = sequenced_table.c
    with database.look(ACTOR) as work:
        rows = work.read(select(table.batch_id, table.first_index).order_by(table.first_index))
        return [(row.batch_id, row.first_index) for row in rows]


def test_what_comes_later_gets_its_place_behind_what_is_known(database: Database) -> None:
    """What was placed is not placed again, and nothing that comes after it is passed over."""
    epoch, known = begin(database), store.Placed()
    write(database, "a", 2)
    write(database, "b", 1, 3)
    assert assign(database, epoch, known) == 3
    assert known == {"a": 2, "b": 4}
    write(database, "b", 1)
    write(database, "a", 2)
    write(database, "new", 1)
    assert assign(database, epoch, known) == 3
    assert known == {"a": 4, "b": 5, "new": 1}
    assert assign(database, epoch, known) == 0
    found = places(database)
    assert [first for _, first in found] == [0, 2, 3, 6, 7, 9]
    assert len({batch for batch, _ in found}) == 6


def test_the_first_place_of_a_log_is_its_sequencers(database: Database) -> None:
    """Whoever wrote before it: the entry that says what log this is stands at nought."""
    epoch, known = begin(database), store.Placed()
    write(database, "a", 1, 1)
    write(database, SEQUENCER, 1)
    assign(database, epoch, known)
    with database.look(ACTOR) as work:
        first, *rest = store.assigned_from(work, 0)
    assert first.entries == SEQUENCER.encode()
    assert [each.first_index for each in rest] == [1, 2]


def test_what_is_not_durable_is_not_taken_for_known(database: Database) -> None:
    """Places that were rolled back are given again."""
    epoch, known = begin(database), store.Placed()
    write(database, "a", 1)
    with pytest.raises(ConflictError):
        assign_and_fail(database, epoch, known)
    assert known == {}
    assert assign(database, epoch, known) == 1


def test_who_leads_anew_finds_out_what_has_its_place(database: Database) -> None:
    """It begins with the first batch of each that has none, whatever the last leader came to."""
    epoch = begin(database)
    write(database, "a", 2)
    write(database, "b", 1)
    assign(database, epoch, store.Placed())
    write(database, "b", 2, 1)
    with database.look(ACTOR) as work:
        known = store.placed(work)
        assert known == {"a": 2, "b": 1}
        assert store.unsealed_count(work) == store.unsealed_count(work, known) == 6
        assert store.has_waiting(work, "a", known)
        assert not store.has_waiting(work, "b", known)
    assert assign(database, epoch, known) == 2
    assert known == {"a": 2, "b": 4}
    assert [first for _, first in places(database)] == [0, 2, 3, 5]


def test_what_was_forgotten_leaves_the_last_place_and_the_newest_batch(database: Database) -> None:
    """Where the log ends stays known, and the number of a batch is never given twice."""
    epoch, known = begin(database), store.Placed()
    write(database, "a", 1, 2, 1)
    assign(database, epoch, known)
    with database.work(ACTOR) as work:
        head = store.head(work)
        assert head is not None
        sealed = store.HeadRow("ins_1", "log.example", 4, head.root, "", work.now, epoch)
        store.advance_head(work, 0, sealed)
    with database.work(ACTOR) as work:
        assert store.prune_sealed(work, 4) == 2
        assert store.prune_sealed(work, 4) == 0
        assert store.placed_until(work) == 4
    assert [first for _, first in places(database)] == [3]
    write(database, "a", 1)
    assert assign(database, epoch, known) == 1
    assert [first for _, first in places(database)] == [3, 4]


def test_what_was_known_of_a_later_database_is_not_gone_by(database: Database) -> None:
    """Where a producer stands behind what is known of it, all of its batches are looked through."""
    epoch, known = begin(database), store.Placed(a=9)
    write(database, "a", 1, 1)
    assert assign(database, epoch, known) == 2
    assert known == {"a": 2}
