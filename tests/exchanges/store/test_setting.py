"""Limits and stops in both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError

from muniment.core.actor import system_actor
from muniment.core.errors import MunimentError
from muniment.db import Database, Work
from muniment.exchanges import Limit, Stop, StopKind
from muniment.exchanges.store import setting
from muniment.exchanges.store.tables import limits_table, stops_table
from muniment.ledger import record
from muniment.ledger.kinds.exchanges import LimitSet, Stopped
from tests.exchanges.making import NOON, limit

ACTOR = system_actor("test")
STOP = Stop("stp_1", StopKind.MODEL, "m", "because", "per_1", NOON)


def add(work: Work) -> Limit:
    """Write a limit and a stop down, with their records."""
    made = replace(limit(), changed_by="per_1", changed_at=NOON)
    setting.add_limit(work, made)
    setting.add_stop(work, STOP)
    record(work, LimitSet("lim_1", "key", "key_1", "requests", "minute", 10, 80, "r"))
    record(work, Stopped("stp_1", "model", "m", "because"))
    return made


def test_what_is_written_is_read(database: Database) -> None:
    """Limits and stops come back as they were, until they have ended."""
    with database.work(ACTOR) as work:
        made = add(work)
    with database.work(ACTOR) as work:
        assert setting.limits(work) == (made,)
        assert setting.limit(work, "lim_1") == setting.same_limit(work, limit(amount=3)) == made
        assert setting.limit(work, "lim_2") is None
        assert setting.same_limit(work, limit(scope_id="key_2")) is None
        assert setting.stops(work) == (STOP,)
        assert setting.stop(work, "stp_1") == STOP
        assert setting.stop(work, "stp_2") is None
        ended = replace(made, ended_at=NOON)
        setting.change_limit(work, ended)
        assert setting.end_stop(work, "stp_1", "per_2", NOON, "mended")
        assert not setting.end_stop(work, "stp_1", "per_2", NOON, "mended")
        assert (setting.limits(work), setting.stops(work)) == ((), ())
        assert setting.limits(work, ended=True) == (ended,)
        assert setting.stops(work, ended=True)[0].end_reason == "mended"
        record(work, LimitSet("lim_1", "key", "key_1", "requests", "minute", 10, 80, "r"))
        record(work, Stopped("stp_1", "model", "m", "because"))


def test_each_change_beats_the_pulse(database: Database) -> None:
    """The number grows with each change, from nothing."""
    with database.work(ACTOR) as work:
        assert setting.pulse(work) == 0
        setting.beat(work)
        setting.beat(work)
        assert setting.pulse(work) == 2


@pytest.mark.parametrize(
    "change",
    [
        limits_table.update().values(scope_id="key_2"),
        limits_table.update().values(measure="cost"),
        limits_table.delete(),
        stops_table.update().values(reason="another"),
        stops_table.update().values(ended_at=NOON, name="n"),
        stops_table.delete(),
    ],
)
def test_what_was_set_is_not_rewritten(database: Database, change: object) -> None:
    """The database itself refuses to change what a limit or a stop is of, or to remove one."""
    with database.work(ACTOR) as work:
        add(work)
    with pytest.raises((DBAPIError, MunimentError)):
        attempt(database, change)


def attempt(database: Database, change: object) -> None:
    """Try a change, with records that cover it."""
    with database.work(ACTOR) as work:
        work.write(change)  # type: ignore[arg-type]  # each of these is one
        record(work, LimitSet("lim_1", "key", "key_1", "requests", "minute", 10, 80, "r"))
        record(work, Stopped("stp_1", "model", "m", "because"))
