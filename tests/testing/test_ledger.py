"""The ledger helpers that are shipped for tests."""

from __future__ import annotations

import pytest

from muniment.db import Database
from muniment.settings import Settings
from muniment.testing.ledger import audit, open_test_log


def test_an_audit_accepts_a_sound_log(database: Database, settings: Settings) -> None:
    """A log that was begun and sealed passes the whole audit."""
    log = open_test_log(database, settings)
    log.begin()
    log.seal()
    assert audit(log).answer == "met"
    log.close()


def test_an_audit_finds_a_changed_byte(database: Database, settings: Settings) -> None:
    """A changed entry ends the audit, so that no test goes on over a broken log."""
    log = open_test_log(database, settings)
    log.begin()
    log.seal()
    bundle = log.tiles.root / "tile" / "entries" / "000.p" / "1"
    bundle.write_bytes(bundle.read_bytes().replace(b"began", b"begun"))
    with pytest.raises(AssertionError):
        audit(log)
    log.close()
