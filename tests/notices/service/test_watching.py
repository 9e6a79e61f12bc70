"""What nobody may miss: unseen notices, followers that stand still, a broken log."""

from __future__ import annotations

from sqlalchemy import update

from muniment import access, notices
from muniment.jobs.follow import followers_table
from muniment.notices import Severity
from muniment.notices.service import alarm_of_log, escalate, watch_followers
from tests.notices.desk import ROOT, Desk


def test_what_nobody_looks_at_is_passed_up_once(desk: Desk) -> None:
    """After its time a notice nobody saw is told to the higher role, who get the message too."""
    desk.person("sec", "security")
    desk.person("com", "compliance", scope=access.EVERYTHING)
    desk.subscribe("com", desk.channel())
    desk.ask()
    desk.settle()
    with desk.root() as work:
        assert escalate(work, desk.courier) == 0
    desk.later(24 * 3_600)
    desk.chore("notices.look")
    assert desk.told("notices.escalated")[0]["role"] == "compliance"
    assert any("approval waits" in each for each in desk.titles())
    desk.chore("notices.look")
    assert len(desk.told("notices.escalated")) == 1


def test_what_somebody_saw_is_not_passed_up(desk: Desk) -> None:
    """One person's look is enough: the matter is in somebody's hands."""
    desk.person("sec", "security")
    desk.person("ops", "operator", scope=access.EVERYTHING)
    with desk.by("ops") as work:
        access.break_glass(work, "security", reason="the gateway is down")
    desk.person("sec2", "security", scope=access.EVERYTHING)
    desk.follow()
    (seen,) = desk.inbox("sec2")
    with desk.by("sec2") as work:
        assert notices.see(work, [seen.group.id]) == (seen.group.id,)
        assert notices.see(work, [seen.group.id]) == ()
    desk.later(7_200)
    with desk.root() as work:
        assert escalate(work, desk.courier) == 0


def test_a_follower_that_stopped_is_told_once_a_day(desk: Desk) -> None:
    """Standing still is said to operators and admins, also when it is our own follower."""
    desk.follow()
    with desk.root() as work:
        work.write(update(followers_table).values(stopped="it failed five times"))
    for _ in range(2):
        with desk.root() as work:
            watch_followers(work, desk.courier)
    assert len(desk.told("notices.alarmed")) == 1
    assert [each.group.route for each in desk.inbox("mia")] == ["follower-behind"]


def test_a_broken_log_is_told_though_nothing_can_be_written(desk: Desk) -> None:
    """The alarm goes straight out, at most once an hour, and says nothing but where to look."""
    desk.person("sec", "security", scope=access.EVERYTHING)
    desk.subscribe("sec", desk.channel(), Severity.URGENT)
    with desk.database.look(ROOT) as work:
        assert alarm_of_log(work, desk.courier) == ()
    desk.log.broken = "the tiles do not lead to the signed root"
    for _ in range(3):
        with desk.database.look(ROOT) as work:
            alarm_of_log(work, desk.courier)
    (sent,) = desk.plain.took
    assert sent.severity == "urgent"
    assert sent.link.endswith("/console/ledger/check")
    desk.later(3_700)
    with desk.database.look(ROOT) as work:
        assert len(alarm_of_log(work, desk.courier)) == 1
