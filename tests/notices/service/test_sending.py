"""From groups to messages: one for a storm, tried again under the same id, never lost."""

from __future__ import annotations

import pytest

from muniment import access, approvals, jobs, notices
from muniment.approvals import Need, Rule
from muniment.core.clock import parse_stamp
from muniment.notices import MessageState, Severity
from muniment.notices.service import sending
from muniment.plugins.sockets import Delivery
from tests.notices.desk import ROOT, Desk


def messages(desk: Desk) -> tuple[notices.Outgoing, ...]:
    """List every message."""
    with desk.database.look(ROOT) as work:
        return notices.messages(work).rows


def asked(desk: Desk, subject: str = "sys_1") -> None:
    """Have security asked, who takes mail."""
    if not messages(desk) and "sec" not in desk.people:
        desk.person("sec", "security")
        desk.subscribe("sec", desk.channel())
    desk.ask(subject=subject)


def test_a_message_says_a_kind_ids_and_a_link_and_no_content(desk: Desk) -> None:
    """What was asked, by whom and why stays inside; the message leads there."""
    asked(desk)
    desk.settle()
    (sent,) = desk.plain.took
    assert sent.to == "plain:sec%40example.org"
    said = f"{sent.title} {sent.body} {sent.facts}"
    for content in ("credit-score", "Deploy", "ada", "sha256:aa"):
        assert content not in said
    assert sent.link.endswith(f"/console/approvals/{sent.facts[0]['subject_id']}")
    assert "example.org" not in repr(sent)
    assert messages(desk)[0].state is MessageState.DELIVERED


def test_a_storm_is_one_message_with_a_count(desk: Desk) -> None:
    """Thirty matters at once leave as one message that says how many there are."""
    desk.person("sec", "security")
    desk.subscribe("sec", desk.channel())
    for number in range(30):
        desk.ask(subject=f"sys_{number}")
    desk.settle()
    (sent,) = desk.plain.took
    assert sent.title.startswith("21 notices")
    assert "and 11 more" in sent.body
    assert sum(each["events"] for each in desk.told("notices.posted")) == 30


def test_what_fails_is_tried_again_later_under_the_same_id(desk: Desk) -> None:
    """A channel that does not answer gets the same message, after ever longer pauses."""
    asked(desk)
    desk.plain.fares = [Delivery.TRY_LATER, Delivery.TRY_LATER]
    desk.settle()
    (message,) = messages(desk)
    assert message.state is MessageState.TRY_LATER
    assert message.why == "it said try_later"
    first = message.next_at - desk.now()
    desk.due()
    assert len(desk.plain.took) == 1  # not before its time
    desk.later(first.total_seconds())
    desk.due()
    (message,) = messages(desk)
    assert message.next_at - desk.now() > first
    desk.later(3_600)
    desk.due()
    (message,) = messages(desk)
    assert message.state is MessageState.DELIVERED
    assert {each.id for each in desk.plain.took} == {message.id}
    assert len(desk.plain.took) == message.attempts == 3
    assert len(desk.told("notices.delayed")) == 2


def test_what_never_arrives_is_said_to_those_who_manage_channels(desk: Desk) -> None:
    """A refused message is given up at once, and who manages notices finds it in the inbox."""
    asked(desk)
    desk.plain.fares = [Delivery.NEVER]
    desk.settle()
    assert messages(desk)[0].state is MessageState.NEVER
    assert desk.told("notices.given_up")[0]["cause"] == "refused"
    assert [each.group.route for each in desk.inbox("mia")] == ["channel-failed"]
    desk.settle(700)
    assert len(desk.plain.took) == 1  # and nothing of it leaves over a channel


def test_attempts_end(desk: Desk) -> None:
    """After as many attempts as the settings allow a message is given up, and says so."""
    asked(desk)
    most = desk.settings.notices.attempts
    desk.plain.fares = [Delivery.TRY_LATER] * (most + 5)
    desk.settle()
    for _ in range(most + 2):
        desk.later(6 * 3_600 * 2)
        desk.due()
    assert len(desk.plain.took) == most
    assert desk.told("notices.given_up")[0]["cause"] == "spent"


def test_killed_between_sending_and_recording_it_is_sent_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least once: the same id comes a second time, and the record says it arrived once."""
    asked(desk)
    desk.follow()
    desk.later(60)

    def die(*_given: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(sending, "fared", die)
        with pytest.raises(KeyboardInterrupt):
            desk.due()
    assert len(desk.plain.took) == 1
    assert messages(desk)[0].state is MessageState.WAITING
    desk.later(120)  # the dead worker's lease runs out
    desk.due()
    assert [each.id for each in desk.plain.took] == [messages(desk)[0].id] * 2
    assert len(desk.told("notices.delivered")) == 1


def test_a_message_whose_job_was_lost_is_planned_again(desk: Desk) -> None:
    """A queue that was emptied loses no message: the chore finds what nobody tried."""
    asked(desk)
    desk.follow()
    desk.later(60)
    with desk.root() as work:
        sending.post_ripe(work, desk.courier)
    desk.later(7_300)
    with desk.root() as work:
        assert sending.look_after(work) == 1
    desk.due()
    assert len(desk.plain.took) == 1


def test_quiet_hours_hold_back_and_what_is_urgent_passes(desk: Desk) -> None:
    """At night a question waits until the morning in the person's own zone; an alarm does not."""
    asked(desk)
    with desk.by("sec") as work:
        notices.set_hours(work, zone="Europe/Berlin", starts="12:00", ends="20:00")
    desk.settle()  # it is noon in UTC, 13:00 in Berlin
    assert desk.plain.took == []
    (message,) = messages(desk)
    assert message.next_at == parse_stamp("2026-03-01T19:00:00Z")
    assert message.why == "it waits for the end of quiet hours"
    _raise(desk, Severity.URGENT)
    desk.settle()
    assert desk.titles() == ["Alarm"]
    desk.later(7 * 3_600)
    desk.due()
    assert len(desk.plain.took) == 2


def _raise(desk: Desk, severity: Severity) -> None:
    own = notices.Route(
        "alarm", ("access.team_added",), severity, "Alarm", (f"person:{desk.id('sec')}",)
    )
    with desk.root() as work:
        notices.set_route(work, own)
    desk.later(3)
    with desk.root() as work:
        access.add_team(work, f"Team {severity}")


def test_a_role_hears_over_its_shared_channel(desk: Desk) -> None:
    """What holders of a role are told also goes to the role's channel, from its severity on."""
    desk.person("rel", "releaser")
    shared = desk.channel("Releases", "plain:releases", personal=False)
    grave = desk.channel("Pager", "plain:pager", personal=False, least=Severity.URGENT)
    with desk.root() as work:
        notices.subscribe_role(work, shared.id, "releaser")
        notices.subscribe_role(work, grave.id, "releaser")
    desk.ask("ada", Rule((Need(1, "releaser"),)))
    desk.settle()
    assert [each.to for each in desk.plain.took] == ["plain:releases"]


def test_a_channel_switched_off_ends_what_waits(desk: Desk) -> None:
    """Nothing leaves over a channel that was switched off, and the record says why."""
    asked(desk)
    desk.follow()
    desk.later(60)
    with desk.root() as work:
        sending.post_ripe(work, desk.courier)
        channel = notices.channels(work)[0]
    with desk.root() as work:
        notices.change_channel(work, desk.courier, channel.id, active=False)
    desk.due()
    assert desk.plain.took == []
    assert messages(desk)[0].why == "its channel was switched off"
    assert desk.told("notices.given_up")[0]["cause"] == "ended"
    desk.follow()
    assert desk.inbox("mia") == ()


def test_a_lasting_storm_is_told_ever_more_seldom(desk: Desk) -> None:
    """Each further message about the same matter in a row waits twice as long as the last."""
    desk.person("sec", "security")
    desk.subscribe("sec", desk.channel())
    request = desk.ask()
    desk.settle()
    gaps = []
    last = desk.now()
    for share in range(3):
        with desk.by("ada") as work:
            approvals.revise(work, request.id, {"share": share})
        desk.follow()
        sent = len(desk.plain.took)
        while len(desk.plain.took) == sent:
            desk.later(5)
            desk.due()
        gaps.append((desk.now() - last).total_seconds())
        last = desk.now()
    assert gaps == sorted(gaps)
    assert gaps[-1] >= 2 * gaps[0] - 10


def test_a_final_message_is_not_sent_again(desk: Desk) -> None:
    """A job that runs twice sends nothing the second time."""
    asked(desk)
    desk.settle()
    with desk.root() as work:
        jobs.enqueue(work, sending.SEND, {"message": messages(desk)[0].id})
    desk.due()
    assert len(desk.plain.took) == 1
