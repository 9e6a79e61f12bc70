"""From a record to people: routes, grouping, settling, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment import access, approvals, notices
from muniment.access import Holder, HolderKind, Scope
from muniment.approvals import Answer, Need, Rule
from muniment.core.clock import stamp
from muniment.jobs import follow
from muniment.ledger import Entry
from muniment.notices import Severity, rules
from muniment.notices.service import telling
from muniment.testing import FixedClock
from tests.notices.desk import ROOT, Desk


def test_who_is_asked_is_told_and_who_asks_is_not(desk: Desk) -> None:
    """Holders of the role that is needed are told where it is needed, and nobody else."""
    desk.person("rel", "releaser")
    desk.person("far", "releaser", scope=Scope.of(system="sys_2"))
    desk.person("ada", "owner")
    desk.ask("ada", Rule((Need(1, "releaser"),)))
    desk.follow()
    told = desk.inbox("rel")
    assert [each.group.title for each in told] == ["An approval waits for you"]
    assert told[0].group.href.startswith("/console/approvals/apr_")
    assert desk.inbox("far") == desk.inbox("ada") == ()


@pytest.mark.parametrize("role", ["compliance", ""])
def test_who_stands_in_is_told_too(desk: Desk, role: str) -> None:
    """A delegate hears of what they may answer, as long as the delegation holds."""
    desk.person("ada", "builder")
    desk.person("co", "compliance")
    desk.person("dee", "operator")
    with desk.by("co") as work:
        approvals.delegate(
            work, desk.id("dee"), reason="on leave", ends_at=work.now + timedelta(days=2)
        )
    desk.ask("ada", Rule((Need(1, role),)))
    desk.follow()
    said = [each.group.title for each in desk.inbox("dee")]
    assert sorted(said) == ["An approval waits for you", "Somebody lets you answer for them"]


def test_a_need_without_a_role_asks_whoever_may_decide(desk: Desk) -> None:
    """A rule that names no role goes to all who may decide there, but not to the author."""
    desk.person("sec", "security")
    desk.person("ada", "builder")
    desk.ask("ada")
    desk.follow()
    assert len(desk.inbox("sec")) == 1
    assert desk.inbox("ada") == ()


def test_an_entry_is_told_once_however_often_the_worker_dies(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The follower's place and what it told are one commit: killed between, neither stands."""
    desk.person("sec", "security")
    desk.ask()
    desk.log.seal()

    def die(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(follow, "_move", die)
        with pytest.raises(KeyboardInterrupt):
            desk.follow()
    assert desk.inbox("sec") == ()
    desk.follow()
    desk.follow()
    assert len(desk.inbox("sec")) == 1
    assert len(desk.told("notices.told")) == 1


def test_events_of_one_key_are_counted_in_one_notice(desk: Desk) -> None:
    """While a notice gathers, the same matter again only raises its count."""
    desk.person("sec", "security")
    request = desk.ask()
    for share in range(20, 25):
        with desk.by("ada") as work:
            approvals.revise(work, request.id, {"share": share})
    desk.settle()
    (seen,) = desk.inbox("sec")
    assert seen.group.count == 6
    assert desk.told("notices.posted")[0]["events"] == 6


def test_a_matter_that_was_decided_is_not_told_any_more(desk: Desk) -> None:
    """A decision within the window settles the question; its author is told of the decision."""
    desk.person("sec", "security")
    channel = desk.channel()
    desk.subscribe("sec", channel)
    request = desk.ask()
    desk.subscribe("ada", channel)
    desk.follow()
    desk.answer("sec", request)
    desk.settle()
    assert desk.titles() == ["What you asked for was decided"]
    assert desk.inbox("sec")[0].group.settled_at is not None
    assert desk.told("notices.settled")


def test_opening_the_thing_itself_is_looking_at_the_notice(desk: Desk) -> None:
    """Who opens the request has seen the notice, and is not disturbed by mail about it."""
    desk.person("sec", "security")
    desk.person("rel", "releaser")
    channel = desk.channel()
    desk.subscribe("sec", channel)
    desk.subscribe("rel", channel)
    request = desk.ask()
    desk.follow()
    desk.open("sec", request)
    desk.settle()
    assert [each.to for each in desk.plain.took] == ["plain:rel%40example.org"]
    assert desk.told("notices.seen")[0]["how"] == "approvals.opened"


def test_what_happened_before_the_room_was_there_is_history(desk: Desk, clock: FixedClock) -> None:
    """An installation that gets notices is not flooded with what happened before that day."""
    desk.person("sec", "security")
    desk.ask()
    desk.log.seal()
    clock.advance(7_200)
    desk.follow()
    assert desk.inbox("sec") == ()
    desk.ask(subject="sys_9")
    desk.follow()
    assert len(desk.inbox("sec")) == 1


def test_break_glass_is_told_to_those_who_guard(desk: Desk) -> None:
    """Security and compliance learn of an emergency at once; looking it over settles it."""
    desk.person("sec", "security", scope=access.EVERYTHING)
    desk.person("ops", "operator", scope=access.EVERYTHING)
    with desk.by("ops") as work:
        _, emergency = access.break_glass(work, "security", reason="the gateway is down")
    desk.follow()
    (seen,) = desk.inbox("sec")
    assert seen.group.severity is Severity.URGENT
    assert desk.inbox("ops") == ()
    with desk.by("sec") as work:
        access.review_emergency(work, emergency.id, access.Finding.JUSTIFIED, words="it was")
    desk.follow()
    assert desk.inbox("sec")[0].group.settled_at is not None


def test_who_leaves_is_forgotten(desk: Desk) -> None:
    """With a person go their addresses and hours, recorded by id only."""
    desk.person("sec", "security", scope=access.EVERYTHING)
    channel = desk.channel()
    desk.subscribe("sec", channel)
    with desk.by("sec") as work:
        notices.set_hours(work, zone="Europe/Berlin", starts="22:00", ends="07:00")
    with desk.root() as work:
        access.leave(work, access.PersonId(desk.id("sec")))
    desk.follow()
    with desk.database.look(ROOT) as work:
        assert notices.channel(work, channel.id)[1] == ()
    assert desk.told("notices.unsubscribed")[0]["why"] == "left"


def test_many_subjects_at_once_become_one_notice_more(desk: Desk) -> None:
    """Past twenty open matters of a route the others are counted together, without a subject."""
    desk.person("sec", "security")
    for number in range(rules.MANY + 10):
        desk.ask(subject=f"sys_{number}")
    desk.follow()
    told = desk.inbox("sec")
    assert len(told) == rules.MANY + 1
    (many,) = [each.group for each in told if each.group.subject == rules.MANY_SUBJECT]
    assert many.count == 10
    assert many.href == "/console/notices"


def test_a_route_of_ones_own_tells_of_any_kind(desk: Desk) -> None:
    """Routes are data: whoever manages notices can be told of a kind nobody thought of."""
    desk.person("cat", "compliance")
    own = notices.Route(
        "new-teams",
        ("access.team_added",),
        Severity.INFO,
        "A team was made",
        (f"person:{desk.id('cat')}",),
    )
    with desk.root() as work:
        notices.set_route(work, own)
    desk.follow()
    with desk.root() as work:
        access.add_team(work, "Risk")
    desk.follow()
    (seen,) = desk.inbox("cat")
    assert seen.group.href.startswith("/console/ledger/")


def test_entries_that_concern_nobody_cost_no_more_than_a_look(desk: Desk) -> None:
    """A kind without a route is passed over without reading or writing a notice."""
    teller = telling.Teller()
    with desk.root() as work:
        access.add_team(work, "Risk")
    desk.log.seal()
    entries = [each for each in desk.log.read_after(0, 500) if each.kind == "access.team_added"]
    with desk.database.look(ROOT) as work:
        for entry in entries:
            assert isinstance(entry, Entry)
            teller.take(work, entry)


def test_a_team_is_told_by_its_people(desk: Desk) -> None:
    """A role held through a team reaches the people in it."""
    desk.person("tom")
    with desk.root() as work:
        team = access.add_team(work, "Releasers")
        access.join(work, team.id, Holder(HolderKind.PERSON, desk.id("tom")))
        access.grant(
            work,
            Holder(HolderKind.TEAM, team.id),
            "releaser",
            scope=Scope.of(system="sys_1"),
            reason="for the test",
        )
    desk.ask("ada", Rule((Need(1, "releaser"),)))
    desk.follow()
    assert len(desk.inbox("tom")) == 1


def test_a_denied_request_is_told_as_decided(desk: Desk) -> None:
    """A no is told like a yes; a vote that leaves it open is not."""
    desk.person("sec", "security")
    desk.person("rel", "releaser")
    request = desk.ask("ada", Rule((Need(2),)))
    desk.answer("sec", request)
    desk.follow()
    assert desk.inbox("ada") == ()
    desk.answer("rel", request, Answer.DENY)
    desk.follow()
    assert len(desk.inbox("ada")) == 1


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_ten_thousand_events_are_one_message(desk: Desk) -> None:
    """A storm of one key leaves as a single message that says how many there were."""
    desk.person("sec", "security", scope=access.EVERYTHING)
    desk.subscribe("sec", desk.channel())
    teller = telling.Teller()
    desk.follow()
    for first in range(0, 10_000, 1_000):
        with desk.root() as work:
            for index in range(first, first + 1_000):
                teller.take(work, _broken_glass(index, stamp(work.now)))
    desk.later(60)
    desk.due()
    (sent,) = desk.plain.took
    assert sent.title == "Somebody took a role in an emergency (10,000 times)"
    assert [each["events"] for each in desk.told("notices.posted")] == [10_000]
    assert len(desk.told("notices.told")) == 1


def _broken_glass(index: int, at: str) -> Entry:
    value = {
        "kind": "access.glass_broken",
        "at": at,
        "subject": {"kind": "grant", "id": "grt_1"},
        "body": {"person": "per_x", "scope": {}},
    }
    return Entry(index, b"", value)
