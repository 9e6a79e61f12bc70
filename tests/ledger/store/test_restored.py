"""What it takes to bring a restored database to where its log is."""

from __future__ import annotations

from muniment.core.actor import system_actor
from muniment.db import Database
from muniment.ledger import store
from muniment.ledger.store.tables import begin_head
from muniment.verify import EMPTY_ROOT

ACTOR = system_actor("test")


def test_a_producer_catches_up_and_never_falls_back(database: Database) -> None:
    """A number that the log knows is not given again; a later one of our own stays."""
    with database.work(ACTOR) as work:
        store.catch_up(work, "known", 7)
        store.catch_up(work, "known", 5)
        assert store.advance(work, "known", 2)[0] == 8
        store.catch_up(work, "known", 3)
        assert store.last_seq(work, "known") == 9


def test_a_batch_is_unsealed_until_the_head_covers_its_place(database: Database) -> None:
    """Waiting batches are listed with what they hold, placed ones with their place too."""
    with database.work(ACTOR) as work:
        begin_head(work, "ins_1", "log.example", EMPTY_ROOT)
        store.add_pending(work, "p", 1, 2, b"two")
        store.add_pending(work, "p", 3, 1, b"one")
    with database.work(ACTOR) as work:
        first, second = store.unsealed(work, 0)
        assert (first.producer, first.first_seq, first.count, first.entries) == ("p", 1, 2, b"two")
        assert (first.first_index, second.first_index) == (None, None)
        store.set_place(work, first.id, 4, 2, epoch=1)
    with database.work(ACTOR) as work:
        assert [one.first_index for one in store.unsealed(work, 4)] == [4, None]
        assert [one.entries for one in store.unsealed(work, 5)] == [b"one"]
