"""Writing down: numbers without gaps, honest clocks, and input that is refused as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from muniment.core.actor import system_actor
from muniment.core.errors import InvalidError, MunimentError
from muniment.db import Database
from muniment.ledger import Log, kind_of, record
from muniment.ledger.kinds import Heartbeat, KeyLost, Reconciled
from muniment.ledger.store.tables import pending_table
from muniment.settings import Settings
from muniment.testing import FixedClock
from muniment.testing.ledger import audit, opened_log, sealed_entries, write_records

ACTOR = system_actor("test")


@pytest.fixture
def log(database: Database, settings: Settings) -> Iterator[Log]:
    """A log that has begun."""
    with opened_log(database, settings) as opened:
        opened.seal()
        yield opened


def test_a_receipt_names_the_place_in_the_sequence(log: Log, database: Database) -> None:
    """Each record gets the next number of its producer; a rolled-back one leaves no gap."""
    first = write_records(database, 2)
    with pytest.raises(RuntimeError), database.work(ACTOR) as work:  # noqa: PT012 it ends there
        record(work, Heartbeat("test", 60))
        raise RuntimeError
    second = write_records(database, 1)
    assert [each.seq for each in first + second] == [1, 2, 3]
    log.seal()
    audit(log, first + second)


def test_a_clock_that_jumped_back_is_flagged(
    log: Log, database: Database, clock: FixedClock
) -> None:
    """Entries written while the clock lies behind carry the flag, and only those."""
    receipts = write_records(database, 1)
    clock.set_back(100)
    receipts += write_records(database, 1)
    receipts += write_records(database, 1)
    clock.advance(101)
    receipts += write_records(database, 1)
    log.seal()
    audit(log, receipts)
    flags = [one.get("flags") for one in sealed_entries(log.tiles.root, 5)]
    assert flags == [None, None, ["clock_back"], ["clock_back"], None]


def test_works_that_overlap_are_not_taken_for_a_clock_that_ran_back(
    log: Log, database: Database, clock: FixedClock
) -> None:
    """Whoever began earlier and commits later carries no flag: no clock ran back."""
    if database.dialect == "sqlite":
        pytest.skip("SQLite has one writer at a time, so works never overlap")
    with database.work(ACTOR) as slow:
        record(slow, Heartbeat("slow", 60))
        clock.advance(5)
        with database.work(ACTOR) as quick:
            record(quick, Heartbeat("quick", 60))
    receipts = [*quick.receipts, *slow.receipts]
    assert [each.seq for each in receipts] == [1, 2]
    log.seal()
    audit(log, receipts)
    assert [one.get("flags") for one in sealed_entries(log.tiles.root, 3)] == [None] * 3


def heartbeat(producer: Any, interval: Any = 60) -> Heartbeat:
    return Heartbeat(producer, interval)


BAD = {
    "a float": (heartbeat("test", 1.5), "interval_s"),
    "not a number": (heartbeat("test", float("nan")), "interval_s"),
    "an integer too large": (heartbeat("test", 2**53), "interval_s"),
    "an integer too small": (heartbeat("test", -(2**53)), "interval_s"),
    "half a letter": (heartbeat("half \ud800"), "producer"),
    "a key that is not ASCII": (heartbeat({"schlüssel": 1}), "producer"),
    "bytes": (heartbeat(b"raw"), "producer"),
    "a set": (heartbeat({1, 2}), "producer"),
    "too long": (heartbeat("x" * 66_000), "body"),
    "too long in bytes only": (heartbeat("ü" * 33_000), "body"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_written_is_refused_whole(log: Log, database: Database, name: str) -> None:
    """Bad input is refused by field and reason, and nothing of its unit of work is kept."""
    what, field = BAD[name]
    with pytest.raises(InvalidError) as caught, database.work(ACTOR) as work:  # noqa: PT012 at its end
        record(work, Heartbeat("test", 60))
        record(work, what)
    assert field in caught.value.field, caught.value.field
    assert log.status().waiting == 0
    receipts = write_records(database, 1)
    assert [each.seq for each in receipts] == [1]
    log.seal()
    audit(log, receipts)


def test_an_entry_as_long_as_allowed_is_kept(log: Log, database: Database) -> None:
    """The longest lawful entry is written, one byte more is not."""
    write_records(database, 1)
    with database.look(ACTOR) as work:
        data = bytes(work.read(select(pending_table.c.entries)).scalars().all()[-1])
    room = 65_535 - (len(data) - 2) + len("test")
    with database.work(ACTOR) as work:
        record(work, Heartbeat("x" * room, 60))
    with pytest.raises(InvalidError, match="65535"), database.work(ACTOR) as work:
        record(work, Heartbeat("x" * (room + 1), 60))
    log.seal()
    audit(log)
    assert log.size() == 3


@dataclass(frozen=True)
class Undeclared:
    """A thing nobody declared."""

    what: str


def test_an_unknown_kind_is_refused(log: Log, database: Database) -> None:
    """Only declared kinds can be recorded."""
    with pytest.raises((TypeError, MunimentError), match="Undeclared"):
        kind_of(Undeclared("x"))
    with pytest.raises((TypeError, MunimentError)), database.work(ACTOR) as work:
        record(work, Undeclared("x"))
    assert log.status().waiting == 0


def test_odd_but_lawful_content_is_kept_exactly(log: Log, database: Database) -> None:
    """Any text, the largest integers and nesting come back as they went in."""
    texts = ("", "\0\x1f\x7f", "\u2028é\U0001f512", '"\\/', "x" * 5_000)
    for text in texts:
        with database.work(ACTOR) as work:
            record(work, Reconciled(2**53 - 1, (text,), (), (), -(2**53 - 1)))
    log.seal()
    audit(log)
    bodies = [one["body"] for one in sealed_entries(log.tiles.root, 6)][1:]
    assert [body["edited"] for body in bodies] == [[text] for text in texts]  # type: ignore[index]
    assert bodies[0]["rows"] == 2**53 - 1  # type: ignore[index]


def test_a_record_without_its_change_is_lawful(log: Log, database: Database) -> None:
    """A kind that covers tables may be recorded when none changed; it then names no rows."""
    with database.work(ACTOR) as work:
        record(work, KeyLost((), "", 0, "", "test"))
    log.seal()
    audit(log)
    assert "changes" not in list(sealed_entries(log.tiles.root, 2))[1]
