"""SQLite's write-ahead log is copied back beside the writers, and nobody depends on it."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import create_engine, insert

from muniment.db.checkpoint import Checkpointer
from muniment.testing import FixedClock, fresh_database, settings_for
from tests.db.orchard import GARDENER, lay_out, note, trees

SOON_SECONDS = 20.0
LARGE_BYTES = 1_000_000


def copying() -> set[threading.Thread]:
    """Give the threads of this process that copy back, those of other databases too."""
    return {each for each in threading.enumerate() if each.name == "muniment-checkpoint"}


def test_what_was_committed_is_copied_back_without_anybody_waiting(tmp_path: Path) -> None:
    """Soon after a commit the database file itself holds it, though nobody writes any more."""
    before = copying()
    file, waiting, waited_s = tmp_path / "muniment.db", threading.Event(), 0.0
    with fresh_database(settings_for(tmp_path), FixedClock()) as database:
        lay_out(database)
        with database.work(GARDENER) as work:
            work.write(insert(trees).values(id="t1", bark=bytes(LARGE_BYTES)))
            note(work)
        while file.stat().st_size < LARGE_BYTES and waited_s < SOON_SECONDS:
            waiting.wait(0.05)
            waited_s += 0.05
        assert file.stat().st_size >= LARGE_BYTES
    assert copying() <= before


def test_a_database_that_cannot_be_copied_back_stops_nobody() -> None:
    """The thread outlives every failure, and ends when it is told to."""
    before = copying()
    one = Checkpointer(create_engine("sqlite:////nowhere/at/all.db"))
    one.wrote()
    one._copy()
    one.close()
    one.wrote()
    assert copying() <= before


def test_nothing_is_started_where_nothing_is_written() -> None:
    """A process that only reads has no thread for it; closing it is no trouble."""
    before = copying()
    one = Checkpointer(create_engine("sqlite://"))
    one.close()
    assert copying() <= before
