"""The watch: the whole log is verified from inside, and its state is known from memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from muniment.db import Database
from muniment.ledger import HealthState, Log, check, record
from muniment.settings import Settings
from muniment.testing import FixedClock
from muniment.testing.ledger import opened_log
from muniment.verify import MET, NOT_MET, tile_path
from tests.ledger.service.sampled import INES, Counted


@pytest.fixture
def log(database: Database, settings: Settings) -> Iterator[Log]:
    """A log with a few sealed entries, once on each database."""
    with opened_log(database, settings) as opened:
        opened.begin()
        count(opened, 3)
        opened.seal()
        yield opened


def count(log: Log, how_many: int) -> None:
    """Record some things."""
    with log.database.work(INES) as work:
        for n in range(how_many):
            record(work, Counted("a", n))


def tamper(log: Log) -> bytes:
    """Change one letter of an entry on disk; give what stood there."""
    path = log.tiles.root / tile_path("entries", 0, log.size())
    before = path.read_bytes()
    path.write_bytes(before.replace(b'"place":1', b'"place":7'))
    return before


def test_a_sound_log_is_verified(log: Log, clock: FixedClock) -> None:
    """Before the first check nothing is claimed; after it the time of the check is known."""
    assert log.health().state is HealthState.UNKNOWN
    report = check(log)
    assert (report.answer, report.size) == (MET, 4)
    known = log.health()
    assert (known.state, known.verified_at) == (HealthState.VERIFIED, clock.now())
    assert (known.size, known.waiting) == (4, 0)


def test_a_changed_entry_is_found_and_named(log: Log) -> None:
    """A letter changed on disk makes the log broken until it is put right and checked again."""
    check(log)
    before = tamper(log)
    report = check(log)
    assert report.answer == NOT_MET
    assert "entry 2" in log.seen.failed
    assert log.health().state is HealthState.BROKEN
    (log.tiles.root / tile_path("entries", 0, 4)).write_bytes(before)
    assert log.health().state is HealthState.BROKEN
    check(log)
    assert (log.seen.failed, log.health().state) == ("", HealthState.VERIFIED)


def test_a_check_that_is_long_ago_is_late(log: Log, clock: FixedClock) -> None:
    """Two hours after the last whole check the log is no longer called verified."""
    check(log)
    clock.advance(7_200)
    assert log.health().state is HealthState.VERIFIED
    clock.advance(1)
    assert log.health().state is HealthState.LATE
    check(log)
    assert log.health().state is HealthState.VERIFIED


def test_what_stopped_the_sequencer_is_broken(log: Log) -> None:
    """A log whose sealing found damage is broken, however well the last check went."""
    check(log)
    log.broken = "the tiles do not lead to the signed root"
    assert log.health().state is HealthState.BROKEN


def test_numbers_are_from_memory_for_a_moment(log: Log, clock: FixedClock) -> None:
    """The database is asked every few seconds only, and again even if the clock was set back."""
    assert log.health().waiting == 0
    count(log, 5)
    clock.advance(2)
    assert log.health().waiting == 0
    clock.advance(0.5)
    clock.set_back(3_600)
    assert log.health().waiting == 5
    log.seal()
    clock.advance(3)
    assert (log.health().waiting, log.health().size) == (0, 9)


def test_a_log_that_has_not_begun_is_not_an_error(database: Database, settings: Settings) -> None:
    """Pages that ask before the first start are told that nothing is known."""
    with opened_log(database, settings) as log:
        known = log.health()
    assert (known.state, known.size, known.waiting) == (HealthState.UNKNOWN, 0, 0)
