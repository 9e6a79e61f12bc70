"""What is one's own: nobody reads, sees or addresses for another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment import notices
from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import ForbiddenError, InvalidError, NotFoundError
from muniment.notices import Severity
from tests.notices.desk import ROOT, Desk


def test_an_inbox_is_counted_narrowed_and_emptied(desk: Desk) -> None:
    """Unseen lines are counted, narrowed by severity, and all seen at once."""
    desk.person("sec", "security")
    for subject in ("sys_a", "sys_b"):
        desk.ask(subject=subject)
    desk.follow()
    with desk.by("sec") as work:
        assert notices.count_unseen(work) == 2
        assert len(notices.inbox(work, severity=Severity.LOOK).rows) == 2
        assert notices.inbox(work, severity=Severity.URGENT).rows == ()
        assert len(notices.see_all(work)) == 2
        assert notices.inbox(work, unseen_only=True).rows == ()
    assert len(desk.inbox("sec")) == 2


def test_nobody_sees_for_another(desk: Desk) -> None:
    """Somebody else's notice is not there for who may not read, and is not seen by who does."""
    desk.person("sec", "security")
    desk.person("rel")
    desk.ask()
    desk.follow()
    notice_id = desk.inbox("sec")[0].group.id
    with pytest.raises(ForbiddenError), desk.by("rel") as work:
        notices.notice(work, notice_id)
    with desk.by("mia") as work:
        assert notices.see(work, [notice_id]) == ()
    assert desk.inbox("sec")[0].telling.seen_at is None


def test_a_key_looks_at_nothing(desk: Desk) -> None:
    """A program with a person's key can neither see, nor take notices, nor set hours."""
    actor = desk.person("sec", "security")
    key = replace(actor, credential="key_unknown")
    for who in (key, Actor(ActorKind.SYSTEM, "cli")):
        with pytest.raises(ForbiddenError), desk.database.work(who) as work:
            notices.see(work, ["ntc_x"])


def test_an_address_is_sealed_checked_and_removed(desk: Desk) -> None:
    """An address cannot slip into the rest of a target, and is gone when it is taken back."""
    desk.person("sec", "security")
    channel = desk.channel(target="plain:x?to={to}&from=us")
    with desk.by("sec") as work:
        made = notices.subscribe(work, desk.courier, channel.id, "a@b.org&smtp=evil")
        assert desk.courier.place(
            channel, desk.courier.open(channel), desk.courier.address_of(made)
        ) == ("plain:x?to=a%40b.org%26smtp%3Devil&from=us")
        assert "b.org" not in made.sealed
    with pytest.raises(InvalidError), desk.by("sec") as work:
        notices.subscribe(work, desk.courier, channel.id, "\n")
    with pytest.raises(NotFoundError), desk.by("mia") as work:
        notices.unsubscribe(work, made.id)
    with desk.by("sec") as work:
        notices.unsubscribe(work, made.id)
        assert notices.own_subscriptions(work) == ()


def test_hours_are_checked(desk: Desk) -> None:
    """A zone that is none, a time that is none, and holding back what is urgent are refused."""
    desk.person("sec", "security")
    for field, zone, starts, ends in (
        ("zone", "Mars/Olympus", "22:00", "07:00"),
        ("starts", "UTC", "25:00", "07:00"),
        ("ends", "UTC", "22:00", "7 in the morning"),
    ):
        with pytest.raises(InvalidError) as refused, desk.by("sec") as work:
            notices.set_hours(work, zone=zone, starts=starts, ends=ends)
        assert refused.value.field == field
    with pytest.raises(InvalidError), desk.by("sec") as work:
        notices.set_hours(work, zone="UTC", starts="1:00", ends="2:00", holds=Severity.URGENT)
    with desk.by("sec") as work:
        notices.set_hours(work, zone="UTC", starts="22:00", ends="07:00")
        assert notices.own_hours(work) is not None
        assert notices.clear_hours(work)
        assert not notices.clear_hours(work)


def test_the_product_itself_has_no_inbox(desk: Desk) -> None:
    """The worker and the command line read empty lists, not somebody's."""
    with desk.database.look(ROOT) as work:
        assert notices.inbox(work).rows == ()
        assert notices.count_unseen(work) == 0
        assert notices.own_subscriptions(work) == ()
