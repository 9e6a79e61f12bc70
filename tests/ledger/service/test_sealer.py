"""The thread that keeps the head close behind what is durable, and when it stops."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.core.errors import UnavailableError
from muniment.db import Database
from muniment.ledger import Log, Sealer
from muniment.settings import Settings
from muniment.testing import settings_for
from muniment.testing.ledger import audit, opened_log, write_records


@pytest.fixture
def log(database: Database, settings: Settings, tmp_path: Path) -> Iterator[Log]:
    """A log that is sealed every few milliseconds."""
    with opened_log(database, settings) as opened:
        opened.settings = settings_for(tmp_path / "data", "", **{"ledger.seal_ms": 10})
        yield opened


def wait_for(size: int, log: Log) -> None:
    until = time.monotonic() + 60
    while log.size() < size and time.monotonic() < until:
        time.sleep(0.01)
    assert log.size() == size


def test_records_are_sealed_as_they_arrive(log: Log, database: Database) -> None:
    """A commit wakes the sealer; what is left at the end is sealed before it stops."""
    sealer = Sealer(log)
    assert not sealer.alive()
    sealer.start()
    receipts = write_records(database, 3)
    wait_for(4, log)
    receipts += write_records(database, 2)
    wait_for(6, log)
    assert sealer.alive()
    receipts += write_records(database, 2)
    assert sealer.stop(grace_seconds=60)
    assert not sealer.alive()
    assert log.size() == 8
    audit(log, receipts)


def test_two_sealers_leave_nothing_behind(log: Log, database: Database, settings: Settings) -> None:
    """When another process leads just then, the sealer tries again soon."""
    with opened_log(database, settings) as other:
        other.settings = log.settings
        sealers = [Sealer(log), Sealer(other)]
        for each in sealers:
            each.start()
        receipts = write_records(database, *[2] * 30)
        wait_for(61, log)
        for each in sealers:
            assert each.stop(grace_seconds=60)
        audit(log, receipts)


def test_a_passing_trouble_is_tried_again(
    log: Log, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk does not end the sealer; it goes on by itself."""
    write = log.tiles.write
    failures = [UnavailableError("full"), UnavailableError("full")]

    def sometimes(tiles: object) -> None:
        if failures:
            raise failures.pop()
        write(tiles)  # type: ignore[arg-type]  # handed on

    monkeypatch.setattr(log.tiles, "write", sometimes)
    sealer = Sealer(log)
    sealer.start()
    receipts = write_records(database, 1)
    wait_for(2, log)
    assert sealer.stop(grace_seconds=60)
    audit(log, receipts)


def test_a_broken_log_stops_the_sealer_and_shows(log: Log, database: Database) -> None:
    """When the log does not verify, sealing stops and the status says why."""
    write_records(database, 3)
    log.seal()
    (log.tiles.root / "checkpoint").write_bytes(b"garbage")
    sealer = Sealer(log)
    sealer.start()
    until = time.monotonic() + 60
    while sealer.alive() and time.monotonic() < until:
        time.sleep(0.01)
    assert not sealer.alive()
    assert "checkpoint cannot be read" in log.status().broken
