"""The log's key: replaced, replaced again, lost; and who can still verify afterwards."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from muniment.core.actor import system_actor
from muniment.core.errors import (
    ConflictError,
    InvalidError,
    MunimentError,
    NotFoundError,
    UnavailableError,
)
from muniment.db import Database
from muniment.ledger import Log, lose_key, rotate_key
from muniment.ledger import store as ledger_store
from muniment.settings import Settings
from muniment.testing.ledger import (
    audit,
    audit_folder,
    open_test_log,
    opened_log,
    sealed_entries,
    write_records,
)
from muniment.vault.keyrings.local_file import KEYRING_FILE
from muniment.verify import NOT_MET, Options, Trust, open_checkpoint, parse_vkey, verify_folder

ACTOR = system_actor("test")


@pytest.fixture
def log(database: Database, settings: Settings) -> Iterator[Log]:
    """A log of a few entries."""
    with opened_log(database, settings) as opened:
        opened.seal()
        write_records(database, 3)
        opened.seal()
        yield opened


def test_either_key_alone_verifies_after_a_rotation(log: Log, database: Database) -> None:
    """Whoever holds only the old key, or only the new one, verifies every later head."""
    (old,) = log.vkeys()
    new = rotate_key(log, ACTOR)
    assert log.vkeys() == (new, old)
    for vkey in (old, new):
        if vkey == old:
            audit_folder(log.tiles.root, [vkey])
    receipts = write_records(database, 2)
    log.seal()
    audit(log, receipts)
    for vkey in (old, new):
        audit_folder(log.tiles.root, [vkey])
    write_records(database, 2)
    log.seal()
    audit_folder(log.tiles.root, [old])
    kinds = [one["kind"] for one in sealed_entries(log.tiles.root, log.size())]
    assert kinds.count("ledger.key_rotated") == 1


def test_a_key_rotated_twice_still_leads_from_the_first(log: Log, database: Database) -> None:
    """A chain of rotations is followed from its oldest key, also when sealed at once."""
    first = log.vkeys()[0]
    keys = [first, rotate_key(log, ACTOR), rotate_key(log, ACTOR)]
    write_records(database, 1)
    log.seal()
    audit(log)
    for vkey in keys:
        audit_folder(log.tiles.root, [vkey])
    assert set(log.vkeys()) == set(keys)
    assert log.vkeys()[0] == keys[-1]


def test_a_key_does_not_sign_before_its_rotation_is_in_the_log(
    log: Log, database: Database, settings: Settings
) -> None:
    """A head sealed while a rotation still waits for its place is signed by the older key."""
    old = log.vkeys()[0]
    receipts = write_records(database, 2)
    log._lead()
    with log._as_sequencer() as work:
        ledger_store.assign(work, log._epoch, "sequencer")
    new = rotate_key(log, ACTOR)
    assign, ledger_store.assign = ledger_store.assign, lambda *_: 0
    before = log.size()
    try:
        log._seal_once()
    finally:
        ledger_store.assign = assign
    assert log.size() >= before + len(receipts), "no head was sealed"
    audit_folder(log.tiles.root, [old])
    log.seal()
    audit(log, receipts)
    for vkey in (old, new):
        audit_folder(log.tiles.root, [vkey])


def test_two_processes_rotating_at_once(database: Database, settings: Settings) -> None:
    """Of rotations at the same moment one wins or they follow each other; one key signs."""
    logs = [open_test_log(database, settings) for _ in range(3)]
    logs[0].seal()
    first = logs[0].vkeys()[0]
    start = threading.Barrier(len(logs))

    def rotate(one: Log) -> bool:
        start.wait()
        try:
            rotate_key(one, ACTOR)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(len(logs)) as threads:
        done = sum(threads.map(rotate, logs))
    assert done >= 1
    logs[1].seal()
    audit(logs[1])
    audit_folder(logs[0].tiles.root, [first])
    with database.look(ACTOR) as work:
        states = [key.state for key in ledger_store.current_keys(work)]
    assert states.count("current") == 1
    assert len(states) == 1 + done
    for one in logs:
        one.close()


def test_a_lost_keyring_stops_signing_and_loses_nothing(
    log: Log, database: Database, settings: Settings, tmp_path: Path
) -> None:
    """Without its key the log waits; a fresh key goes on, and old heads still lead to the new."""
    old = log.vkeys()[0]
    kept = (log.tiles.root / "checkpoint").read_bytes()
    (settings.data.dir / KEYRING_FILE).unlink()
    receipts = write_records(database, 2)
    again = open_test_log(database, settings)
    with pytest.raises(NotFoundError, match="holds no key") as caught:
        again.seal()
    assert "A lost key" in caught.value.remedy
    assert again.status().waiting == 2
    with pytest.raises(UnavailableError, match="replaced by another keyring"):
        log.seal()
    with pytest.raises(InvalidError, match="reason"):
        lose_key(log, ACTOR, reason="  ")
    new = lose_key(log, ACTOR, reason="the disk of the keyring broke")
    log.seal()
    audit_folder(log.tiles.root, [new])
    report = verify_folder(log.tiles.root, Trust((parse_vkey(old),)))
    assert report.answer == NOT_MET
    assert any(one.code == "foreign key" for one in report.findings)
    trust = [new, old]
    checked = audit_folder(log.tiles.root, trust, Options(older={"kept": kept}))
    assert any("nothing rewritten since" in one.message for one in checked.findings)
    audit(log, receipts)
    last = list(sealed_entries(log.tiles.root, log.size()))[-1]
    assert last["kind"] == "ledger.key_lost"
    assert open_checkpoint(kept)[1].size == last["body"]["size"]  # type: ignore[index]
    again.close()


def test_a_key_given_up_with_a_great_backlog_is_not_needed_again(
    log: Log, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much waits before the entry of the loss, the lost key is not asked to sign it."""
    monkeypatch.setattr(ledger_store.placing, "_MAX_ENTRIES_AT_ONCE", 3)
    (settings.data.dir / KEYRING_FILE).unlink()
    receipts = write_records(database, 3, 3, 3)
    lose_key(log, ACTOR, reason="gone")
    log.seal()
    assert not log.status().waiting
    audit(log, receipts)


def test_a_rotation_that_fails_leaves_the_old_key(
    log: Log, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the rotation cannot be recorded, the key that signed goes on signing."""
    old = log.vkeys()

    def full(*_: object) -> None:
        raise MunimentError("no room")

    monkeypatch.setattr(ledger_store, "add_key", full)
    with pytest.raises(MunimentError, match="no room"):
        rotate_key(log, ACTOR)
    monkeypatch.undo()
    assert log.vkeys() == old
    receipts = write_records(database, 1)
    log.seal()
    audit(log, receipts)
