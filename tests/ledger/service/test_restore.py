"""An older copy is gone on with only when a person says so, and what it lost stands in the log."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.engine import make_url

from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import CorruptError, InvalidError
from muniment.db import Database
from muniment.ledger import Log, Recorder, accept_restore, reconcile, rotate_key
from muniment.ledger.rules import format_note, sign_checkpoint
from muniment.settings import Settings
from muniment.testing import FixedClock, fresh_database
from muniment.testing.ledger import audit, opened_log, sealed_entries, write_records
from muniment.verify import (
    Checkpoint,
    Options,
    Trust,
    make_key,
    parse_vkey,
    verify_folder,
)

INES = Actor(ActorKind.PERSON, "per_ines")
FILES = ("muniment.db", "muniment.db-wal", "muniment.db-shm")


@contextmanager
def opened(settings: Settings, clock: FixedClock) -> Iterator[tuple[Database, Log]]:
    """An installation as it runs: what is recorded asks the log first."""
    with fresh_database(settings, clock) as database, opened_log(database, settings) as log:
        database.recorder = Recorder("test", stopped=log.stopped)
        yield database, log


class Backup:
    """A copy of the database alone, made while nothing runs, on either of the two."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._folder, self._data = folder, settings.data.dir
        self._url = settings.database.url.reveal()
        self._name = str(make_url(self._url).database) if self._url else ""
        if self._url:
            self._run(f'CREATE DATABASE "{self._name}_kept" TEMPLATE "{self._name}"')
        else:
            shutil.copy(self._data / FILES[0], folder / FILES[0])

    def restore(self) -> None:
        """Put the copy in the place of what is there now."""
        if self._url:
            self._run(f'DROP DATABASE "{self._name}"')
            self._run(f'ALTER DATABASE "{self._name}_kept" RENAME TO "{self._name}"')
            return
        for name in FILES:
            (self._data / name).unlink(missing_ok=True)
        shutil.copy(self._folder / FILES[0], self._data / FILES[0])

    def _run(self, statement: str) -> None:
        url = make_url(self._url).set(drivername="postgresql", database="postgres")
        plain = url.render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture
def backup(settings: Settings, clock: FixedClock, tmp_path: Path) -> Backup:
    """Twenty records sealed and five waiting, then a copy, then five more; the last 10 sealed."""
    with opened(settings, clock) as (database, log):
        write_records(database, 20)
        log.seal()
        write_records(database, 5)
    kept = Backup(settings, tmp_path)
    with opened(settings, clock) as (database, log):
        write_records(database, 3, 2)
        log.seal()
        audit(log)
    return kept


@pytest.mark.requirement("LOG-12")
def test_a_restored_database_takes_no_record_until_it_is_accepted(
    backup: Backup, settings: Settings, clock: FixedClock
) -> None:
    """Neither a record nor a signature is given before; both say which command to run."""
    backup.restore()
    with opened(settings, clock) as (database, log):
        with pytest.raises(CorruptError, match="older than the log") as refused:
            write_records(database, 1)
        assert "accept-restore" in str(refused.value.remedy)
        with pytest.raises(CorruptError, match="older than the log") as refused:
            log.seal()
        assert "accept-restore" in str(refused.value.remedy)


@pytest.mark.requirement("LOG-19")
def test_an_accepted_database_goes_on_where_the_log_stands(
    backup: Backup, settings: Settings, clock: FixedClock
) -> None:
    """Nothing is sealed twice, no number is given twice, and the lost range is recorded."""
    backup.restore()
    with opened(settings, clock) as (database, log):
        size = log.size()
        what = accept_restore(log, INES, reason="  the disk died ")
        assert (what.database_size, what.log_size, what.lost_size) == (size, size + 10, size + 10)
        receipts = write_records(database, 4)
        assert log.seal() == size + 15
        audit(log, receipts)
    with opened(settings, clock) as (database, log):
        receipts += write_records(database, 1)
        log.seal()
        audit(log, receipts)
        found = [*sealed_entries(log.tiles.root, size + 16)]
    (said,) = [one for one in found if one["kind"] == "ledger.restored"]
    assert said["actor"] == INES.as_record()
    assert said["body"] == {
        "database_size": size,
        "log_size": size + 10,
        "lost_size": size + 10,
        "lost_root": what.lost_root,
        "reason": "the disk died",
    }


def test_a_key_that_was_rotated_meanwhile_signs_on(
    settings: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    """The older database learns of the newer key, and what it says of its keys fits the log."""
    with opened(settings, clock) as (database, log):
        write_records(database, 2)
        log.seal()
    kept = Backup(settings, tmp_path)
    with opened(settings, clock) as (_, log):
        new = rotate_key(log, INES)
        log.seal()
    kept.restore()
    with opened(settings, clock) as (database, log):
        old = log.vkeys()
        accept_restore(log, INES, reason="restored")
        log.seal()
        audit(log)
        assert log.vkeys() == (new, *old)
        assert reconcile(log, INES).differences == ()


def test_records_written_after_the_restore_are_not_mixed_in(
    backup: Backup, settings: Settings, clock: FixedClock
) -> None:
    """If something wrote to the older database, nothing is accepted and nothing changes."""
    backup.restore()
    with opened(settings, clock) as (database, log):
        database.recorder = Recorder("test")
        write_records(database, 1)
        size = log.size()
        with pytest.raises(CorruptError, match="records were written after the restore"):
            accept_restore(log, INES, reason="restored")
        assert log.size() == size


def test_a_log_that_does_not_verify_is_not_gone_on_with(
    backup: Backup, settings: Settings, clock: FixedClock
) -> None:
    """A database is taken forward only to a log that is sound and continues its own head."""
    backup.restore()
    tile = max((settings.data.dir / "log/tile/entries/000.p").iterdir())
    data = bytearray(tile.read_bytes())
    data[-4] ^= 1
    tile.write_bytes(data)
    with opened(settings, clock) as (_, log), pytest.raises(CorruptError, match="gone on with"):
        accept_restore(log, INES, reason="restored")


def test_a_log_that_lost_entries_says_so_by_a_checkpoint_from_elsewhere(
    settings: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    """Database and log of the same older day: what is missing is known from who kept a head."""
    with opened(settings, clock) as (database, log):
        write_records(database, 3)
        log.seal()
    kept, folder = Backup(settings, tmp_path), settings.data.dir / "log"
    shutil.copytree(folder, tmp_path / "log")
    with opened(settings, clock) as (database, log):
        write_records(database, 7)
        log.seal()
        newest = log.tiles.published()
    kept.restore()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "log", folder)
    with opened(settings, clock) as (database, log):
        what = accept_restore(log, INES, reason="both are from Monday", newest=newest)
        assert (what.log_size, what.lost_size - what.log_size) == (log.size(), 7)
        write_records(database, 1)
        log.seal()
        audit(log)
        keys = Trust(tuple(map(parse_vkey, log.vkeys())))
        told = verify_folder(folder, keys, Options(older={"kept": newest}))
        assert told.answer == "not met"


def test_there_must_be_something_to_accept(
    settings: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    """Without a reason, a loss, or a checkpoint of this very log, nothing is accepted."""
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with opened(settings, clock) as (database, log):
        write_records(database, 3)
        log.seal()
        key = make_key(log.status().origin, private.public_key().public_bytes_raw())
        foreign = sign_checkpoint(Checkpoint(key.name, 99, bytes(32)), key, private.sign)
        for newest, reason, words in (
            (None, " ", "a reason is needed"),
            (None, "why", "nothing to accept"),
            (log.tiles.published(), "why", "nothing to accept"),
            (b"nonsense", "why", "no checkpoint"),
            (format_note(foreign), "why", "not signed by a key of this log"),
        ):
            with pytest.raises(InvalidError, match=words):
                accept_restore(log, INES, reason=reason, newest=newest)
        log.seal()
        audit(log)
