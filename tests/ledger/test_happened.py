"""Facts that are recorded late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment.core.actor import system_actor
from muniment.core.canonical import parse_canonical
from muniment.core.errors import InvalidError
from muniment.db import Database
from muniment.ledger import record
from muniment.ledger.kinds import Heartbeat
from muniment.ledger.service.ground import split_batch
from muniment.ledger.store import pending_batches
from muniment.testing import START, FixedClock

ACTOR = system_actor("importer")


def test_a_late_fact_carries_both_times(database: Database, clock: FixedClock) -> None:
    """An entry says when it happened and when it was recorded, and neither for the other."""
    clock.advance(3_600)
    with database.work(ACTOR) as work:
        record(work, Heartbeat("importer", 60), happened_at=START)
    with database.look(ACTOR) as work:
        (batch,) = pending_batches(work, 0)
    value = parse_canonical(split_batch(batch)[0])
    assert value["happened_at"] == "2026-03-01T12:00:00.000000Z"
    assert value["at"] == "2026-03-01T13:00:00.000000Z"


def test_the_future_has_not_happened(database: Database, clock: FixedClock) -> None:
    """A fact of tomorrow is refused and nothing is written."""
    with (
        pytest.raises(InvalidError, match="happened_at"),
        database.work(ACTOR) as work,
    ):
        record(work, Heartbeat("importer", 60), happened_at=START + timedelta(days=1))
    with database.look(ACTOR) as work:
        assert pending_batches(work, 0) == ()
