"""What is wrong on disk, or has no room there, stops sealing and loses nothing."""

from __future__ import annotations

import errno
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from muniment.core.errors import (
    CorruptError,
    InvalidError,
    MunimentError,
    UnavailableError,
)
from muniment.db import Database
from muniment.ledger import Log
from muniment.ledger import store as ledger_store
from muniment.ledger.rules import format_note, sign_checkpoint
from muniment.ledger.store import Files
from muniment.settings import Settings
from muniment.testing import FixedClock, fresh_database
from muniment.testing.ledger import audit, open_test_log, opened_log, write_records
from muniment.verify import Checkpoint, make_key


@pytest.fixture
def log(database: Database, settings: Settings) -> Iterator[Log]:
    """A log that has not begun."""
    with opened_log(database, settings) as opened:
        yield opened


def restarted(database: Database, settings: Settings, files: Files | None = None) -> Log:
    return open_test_log(database, settings, files=files)


# --- What is wrong on disk -----------------------------------------------------------------------


def refuses(log: Log, words: str) -> None:
    """Require that sealing stops, says why, and shows it in the status."""
    with pytest.raises(CorruptError, match=words) as caught:
        log.seal()
    assert caught.value.remedy
    assert log.status().broken


@dataclass(frozen=True)
class Damage:
    """Something done to the folder, and the words by which it is told."""

    do: Callable[[Path], object]
    words: str


def cut(name: str, by: int) -> Callable[[Path], object]:
    return lambda root: (root / name).write_bytes((root / name).read_bytes()[:-by])


def flip(name: str, place: int) -> Callable[[Path], object]:
    def act(root: Path) -> None:
        data = bytearray((root / name).read_bytes())
        data[place] ^= 1
        (root / name).write_bytes(data)

    return act


EDGE = "tile/0/001.p/5"
LAST = "tile/entries/001.p/5"
DAMAGES = {
    "edge tile cut": Damage(cut(EDGE, 1), "fewer than 5 hashes"),
    "edge tile flipped": Damage(flip(EDGE, 40), "do not lead to the signed root"),
    "edge tile gone": Damage(lambda root: (root / EDGE).unlink(), "0/001.p/5 is missing"),
    "upper tile flipped": Damage(flip("tile/1/000.p/1", 3), "do not lead to the signed root"),
    "last bundle cut": Damage(cut(LAST, 7), "001.p/5"),
    "last bundle torn to half": Damage(cut(LAST, 400), "001.p/5"),
    "last bundle flipped": Damage(flip(LAST, 60), "does not hold the entries"),
    "last bundle gone": Damage(lambda root: (root / LAST).unlink(), "001.p/5 is missing"),
    "checkpoint garbage": Damage(
        lambda root: (root / "checkpoint").write_bytes(b"\xff\x00"), "checkpoint cannot be read"
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_found_at_the_start_stops_sealing(
    log: Log, database: Database, settings: Settings, name: str
) -> None:
    """A log whose edge is damaged is not written to; mended, it goes on with all that waited."""
    receipts = write_records(database, 260)
    log.seal()
    audit(log, receipts)
    before = {path: path.read_bytes() for path in log.tiles.root.rglob("*") if path.is_file()}
    DAMAGES[name].do(log.tiles.root)
    receipts += write_records(database, 3)
    again = restarted(database, settings)
    refuses(again, DAMAGES[name].words)
    assert again.status().waiting == 3
    for path, data in before.items():
        path.write_bytes(data)
    assert again.seal() == 264
    assert again.status().broken == ""
    audit(again, receipts)
    again.close()


def test_a_missing_checkpoint_is_shown_again(
    log: Log, database: Database, settings: Settings
) -> None:
    """The signed head is in the database too, so a lost checkpoint file comes back."""
    write_records(database, 3)
    log.seal()
    shown = (log.tiles.root / "checkpoint").read_bytes()
    (log.tiles.root / "checkpoint").unlink()
    again = restarted(database, settings)
    again.seal()
    assert (log.tiles.root / "checkpoint").read_bytes() == shown
    audit(again)
    again.close()


def foreign_checkpoint(origin: str, size: int) -> bytes:
    private = Ed25519PrivateKey.from_private_bytes(b"f" * 32)
    key = make_key(origin, private.public_key().public_bytes_raw())
    head = Checkpoint(origin, size, b"r" * 32)
    return format_note(sign_checkpoint(head, key, private.sign))


def test_a_foreign_checkpoint_is_never_built_on(
    log: Log, database: Database, settings: Settings
) -> None:
    """A longer head by somebody else stops sealing; a shorter one gives way to our own."""
    receipts = write_records(database, 3)
    log.seal()
    place = log.tiles.root / "checkpoint"
    ours = place.read_bytes()
    place.write_bytes(foreign_checkpoint(log.status().origin, 9))
    receipts += write_records(database, 1)
    again = restarted(database, settings)
    refuses(again, "another log's checkpoint")
    place.write_bytes(foreign_checkpoint("elsewhere.example/log", 2))
    assert again.seal() == 5
    assert place.read_bytes() != ours
    audit(again, receipts)
    again.close()


def test_a_database_older_than_its_log_is_refused(settings: Settings, tmp_path: Path) -> None:
    """A restored backup of the database cannot fork the log, with or without its checkpoint."""
    if settings.database.url.reveal():
        pytest.skip("the copy of a database file stands for any backup")
    clock = FixedClock()
    with fresh_database(settings, clock) as database, opened_log(database, settings) as log:
        write_records(database, 20)
        log.seal()
        audit(log)
    file = settings.data.dir / "muniment.db"
    backup = file.read_bytes()
    with (
        fresh_database(settings, clock) as database,
        opened_log(database, settings) as log,
    ):
        write_records(database, 10)
        log.seal()
        audit(log)
    for path in settings.data.dir.glob("muniment.db-*"):
        path.unlink()
    file.write_bytes(backup)
    with fresh_database(settings, clock) as database, opened_log(database, settings) as log:
        write_records(database, 10)
        refuses(log, "database is older than the log")
        (log.tiles.root / "checkpoint").unlink()
        refuses(log, "with other bytes")


@pytest.mark.parametrize("what", ["gone", "cut"])
def test_a_batch_changed_before_it_was_sealed_is_not_sealed(
    settings: Settings, what: str, tmp_path: Path
) -> None:
    """If a placed batch is no longer as it was recorded, nothing is signed over it."""
    if settings.database.url.reveal():
        pytest.skip("one vandal is enough")
    with fresh_database(settings, FixedClock()) as database, opened_log(database, settings) as log:
        log.seal()
        write_records(database, 2, 2)
        log._lead()
        with log._as_sequencer() as work:
            ledger_store.assign(work, log._epoch, "sequencer")
        with database.machine() as connection:
            for event in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER guard_ledger_pending_{event}")
            connection.exec_driver_sql(
                "DELETE FROM ledger_pending WHERE id = 2"
                if what == "gone"
                else "UPDATE ledger_pending SET entries = substr(entries, 1, 300) WHERE id = 2"
            )
        refuses(log, "not in the database as they were recorded")
        assert log.size() == 1


# --- No room, no right to write -----------------------------------------------------------------


@dataclass
class FullDisk(Files):
    """A disk that is full from a given call on, until somebody makes space."""

    from_call: int | None = None
    error: int = errno.ENOSPC
    calls: list[str] = field(default_factory=list)

    def _count(self, name: str) -> None:
        self.calls.append(name)
        if self.from_call is not None and len(self.calls) > self.from_call:
            raise OSError(self.error, "as the test meant it")

    def write(self, path: Path, data: bytes) -> None:
        if self.from_call is not None and len(self.calls) == self.from_call:
            super().write(path, data[: len(data) // 2])
        self._count("write")
        super().write(path, data)

    def sync(self, path: Path) -> None:
        self._count("sync")
        super().sync(path)

    def rename(self, path: Path, to: Path) -> None:
        self._count("rename")
        super().rename(path, to)

    def make_folder(self, path: Path) -> None:
        self._count("make_folder")
        super().make_folder(path)

    def remove(self, path: Path) -> None:
        self._count("remove")
        super().remove(path)

    def remove_folder(self, path: Path) -> None:
        self._count("remove_folder")
        super().remove_folder(path)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_a_full_disk_loses_nothing(database: Database, settings: Settings, error: int) -> None:
    """At whichever call the disk fails, what was recorded waits and is sealed afterwards."""
    with opened_log(database, settings) as first:
        first.seal()
        receipts = write_records(database, 250)
        first.seal()
    expected = {InvalidError} if error == errno.EROFS else {UnavailableError}
    told: set[type[MunimentError]] = set()
    for call in itertools.count(step=1 if error == errno.ENOSPC else 9):
        disk = FullDisk(error=error)
        log = restarted(database, settings, disk)
        receipts += write_records(database, 3)
        disk.from_call = call
        failed = False
        try:
            log.seal()
        except MunimentError as caught:
            failed = True
            told.add(type(caught))
        disk.from_call = None
        log.seal()
        assert not log.status().waiting
        assert log.status().broken == ""
        audit(log, receipts if call % 10 == 0 else ())
        log.close()
        if not failed:
            break  # it was full only after all was written
    assert told == expected
    assert call >= 18
