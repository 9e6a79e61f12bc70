"""The open vault of a process: what it remembers, and for how long."""

from __future__ import annotations

import secrets
import time

import pytest

from muniment import vault
from muniment.blobs import DiskStorage
from muniment.core.errors import UnavailableError
from muniment.db import Database
from muniment.settings import Settings
from muniment.testing import FixedClock
from muniment.testing.ledger import opened_log
from muniment.testing.vault import INES, SUBJECT, Vaulted
from muniment.vault.service.safe import Remembered


def test_a_key_is_remembered_for_its_seconds(clock: FixedClock) -> None:
    """Within its time it is there, after it is not, and forgetting is at once."""
    known = Remembered(clock, 10, 300)
    known.put("a", b"1")
    known.put("b", b"2")
    clock.advance(299)
    assert known.get("a") == b"1"
    known.forget("a", "never-known")
    assert known.get("a") is None
    clock.advance(2)
    assert known.get("b") is None
    assert len(known) == 0


def test_only_so_many_keys_are_remembered(clock: FixedClock) -> None:
    """The one remembered longest goes first."""
    known = Remembered(clock, 3, 300)
    for name in "abcde":
        known.put(name, name.encode())
    assert [known.get(name) for name in "abcde"] == [None, None, b"c", b"d", b"e"]


def test_nothing_remembered_shows_itself(vaulted: Vaulted) -> None:
    """Neither the safe nor its memory prints a key."""
    with vaulted.database.work(INES) as work:
        held = vault.put(work, vaulted.safe, b"x", classification="internal", subject=SUBJECT)
    secret = vaulted.safe.remembered.get(held.kid)
    assert secret
    shown = repr(vaulted.safe) + repr(vaulted.safe.remembered)
    assert repr(secret) not in shown
    assert secret.hex() not in shown


def test_before_the_log_began_there_is_no_keyring(database: Database, settings: Settings) -> None:
    """A verb called too early says what to do, and does not hang on its own transaction."""
    with opened_log(database, settings) as log:
        storage = DiskStorage(settings.data.dir / "blobs")
        safe = vault.open_safe(database, log, storage, settings, secrets.token_bytes)
        began = time.monotonic()
        with database.work(INES) as work, pytest.raises(UnavailableError, match="not begun"):
            vault.put(work, safe, b"x", classification="internal", subject=SUBJECT)
        assert time.monotonic() - began < 5
