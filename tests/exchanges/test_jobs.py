"""What exchanges do by themselves."""

from __future__ import annotations

from muniment.core.actor import system_actor
from muniment.exchanges import ToolOfDay
from muniment.exchanges.jobs import chores, followers
from muniment.exchanges.store import counting, using
from tests.approvals.people import Office

ACTOR = system_actor("test")
LONG_AGO = ToolOfDay("2020-01-01", "sys_1", "production", "pay")


def test_the_room_tidies_up_after_itself(office: Office) -> None:
    """Its chores run on their own time, and forget what is over."""
    with office.database.work(ACTOR) as work:
        counting.take(work, "l", "2020-01-01", 1, 1)
        using.add_all(work, {LONG_AGO: 1})
    for chore in chores(office.database):
        assert chore.every_seconds
        chore.run(None)  # type: ignore[arg-type]  # neither looks at its run
    with office.database.look(ACTOR) as work:
        assert counting.used(work, "l", "2020-01-01") == 0
        assert using.used(work, LONG_AGO) == 0


def test_its_follower_hears_of_calls_and_of_time() -> None:
    """The index follows calls, and heartbeats, by which it knows how far the log was read."""
    index, stops, erasures, kept_back = followers()
    assert index.wants("exchanges.concluded")
    assert index.wants("ledger.heartbeat")
    assert not index.wants("exchanges.limit_set")
    assert stops.wants("monitor.alarm_raised")
    assert stops.wants("incidents.opened")
    assert erasures.wants("vault.shredded")
    assert kept_back.wants("approvals.decided")
    assert kept_back.wants("approvals.expired")
