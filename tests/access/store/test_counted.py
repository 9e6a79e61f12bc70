"""What is only counted: alike on both databases, taken once, forgotten in time."""

from __future__ import annotations

from datetime import timedelta

from muniment.access import store
from muniment.db import Database
from muniment.testing import FixedClock
from tests.access.reception import ROOT


def test_failures_and_sources(database: Database, clock: FixedClock) -> None:
    """A bucket counts until it is cleared or forgotten; an address has one name."""
    with database.work(ROOT) as work:
        store.set_failures(work, "b", 3, work.now)
        store.set_failures(work, "b", 4, work.now + timedelta(seconds=9))
        found = store.failures(work, "b", forget_before=work.now - timedelta(hours=1))
        assert found == (4, work.now + timedelta(seconds=9))
        source = store.source_of(work, "203.0.113.7")
        assert store.source_of(work, "203.0.113.7") == source
    clock.advance(10)
    with database.work(ROOT) as work:
        store.forget(work, failures_before=work.now, sources_before=work.now)
        assert store.failures(work, "b", forget_before=work.now - timedelta(1)) == (0, None)
        assert store.source_of(work, "203.0.113.7") != source


def test_refusals_are_taken_once(database: Database) -> None:
    """Refusals add up by source, minute and account, and are given once."""
    with database.work(ROOT) as work:
        told = [store.count_refusals(work, "src_1", work.now, each) for each in ("-", "p", "p")]
        assert told == [True, False, False]
        later = work.now + timedelta(minutes=1)
        assert store.take_refusals(work, later, limit=10) == {("src_1", work.now): {"-": 1, "p": 2}}
        assert store.take_refusals(work, later, limit=10) == {}


def test_devices(database: Database, clock: FixedClock) -> None:
    """A device is known for its account, for its time."""
    with database.work(ROOT) as work:
        store.add_device(work, "d", "a", 1)
        assert store.knows_device(work, "d", "a")
        assert not store.knows_device(work, "d", "b")
    clock.advance(86_401)
    with database.look(ROOT) as work:
        assert not store.knows_device(work, "d", "a")
