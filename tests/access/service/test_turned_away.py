"""Refused keys and tokens: recorded, counted, and no way to fill the ledger."""

from __future__ import annotations

import pytest

from muniment.access import TurnedAway, record_refusals
from muniment.core.errors import UnavailableError
from muniment.db import Database
from muniment.testing import FixedClock
from tests.access.reception import ROOT
from tests.access.recorded import records


@pytest.fixture
def away(database: Database) -> TurnedAway:
    """What one process refuses."""
    return TurnedAway(database)


def told(database: Database) -> list[tuple[str, int]]:
    """List what is recorded of refusals: by which way, and how many of a minute."""
    return [
        (each["body"].get("way", ""), each["body"].get("count", 1))
        for each in records(database)
        if each["kind"] in {"access.sign_in_failed", "access.sign_ins_refused"}
    ]


def minute_over(database: Database, clock: FixedClock) -> None:
    """Record the numbers of the minute that is over."""
    clock.advance(60)
    with database.work(ROOT) as work:
        record_refusals(work)


def test_what_comes_alone_is_told_at_once(away: TurnedAway, database: Database) -> None:
    """Nobody waits for the record of one wrong key; its address stands in no record."""
    away.note("192.0.2.1", "key")
    assert told(database) == [("key", 1)]
    assert "192.0.2.1" not in repr(records(database))


def test_a_flood_is_a_number(away: TurnedAway, database: Database, clock: FixedClock) -> None:
    """A thousand wrong keys are two records, and none is lost between two writings."""
    for _turn in range(1_000):
        away.note("192.0.2.1", "key")
    assert told(database) == [("key", 1)]
    clock.advance(5)
    away.write_if_due()
    assert away.write() == 0
    minute_over(database, clock)
    assert told(database) == [("key", 1), ("", 1_000)]


def test_a_flood_from_everywhere_is_one_number(
    away: TurnedAway, database: Database, clock: FixedClock
) -> None:
    """Of very many addresses a few are named, and all others are counted as one."""
    away.note("192.0.2.1", "key")
    for turn in range(3_000):
        away.note(f"10.0.{turn // 250}.{turn % 250}", "key")
    assert len(away._gathered) <= 1_001
    assert away.write() == 3_000
    minute_over(database, clock)
    found = told(database)
    assert len(found) <= 1 + 21 + 1
    assert max(count for _, count in found) == 3_000 - 19, "all but those that are named"


def test_what_could_not_be_written_waits(
    away: TurnedAway, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is busy makes no answer fail, and no refusal is forgotten."""

    def busy(_actor: object) -> None:
        raise UnavailableError("busy")

    with monkeypatch.context() as changed:
        changed.setattr(Database, "work", lambda _self, actor: busy(actor))
        away.note("192.0.2.1", "token")
        with pytest.raises(UnavailableError):
            away.write()
    assert away.write() == 1
    assert told(database) == [("token", 1)]
