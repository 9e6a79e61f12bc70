"""What serves: promoted step by step, rolled back in one, released first in an emergency."""

from __future__ import annotations

import threading

import pytest

from muniment import approvals, registry
from muniment.access import EVERYTHING
from muniment.approvals import Answer
from muniment.core.errors import ConflictError, ForbiddenError
from muniment.registry import ChangeSort, ChangeState, SystemState
from tests.registry.yard import LADDER, Yard, serving


@pytest.mark.requirement("CHG-01", "CHG-15", "CHG-18", "CHG-02")
def test_a_change_climbs_the_ladder_step_by_step(yard: Yard) -> None:
    """From development by way of staging and a share of production to all of it."""
    yard.approved(environments=LADDER)
    first = yard.released("one")
    assert first.state is ChangeState.DONE
    assert [str(each) for each in first.reached] == [
        "development:100",
        "staging:100",
        "production:100",
    ]
    with yard.looking() as work:
        assert registry.get_system(work, "credit-score").state is SystemState.LIVE
    second = yard.agreed("two")
    steps = []
    while (step := yard.next_step(second)) is not None:
        yard.promoted(second, set_digest=second.set_digest)
        steps.append(str(step))
        if step.percent == 10:
            with yard.looking() as work:
                assert serving(work, yard.system) == [
                    (first.set_digest, 90),
                    (second.set_digest, 10),
                ]
    assert steps == ["development:100", "staging:100", "production:10", "production:100"]
    with yard.looking() as work:
        assert serving(work, yard.system) == [(second.set_digest, 100)]


def test_nothing_is_promoted_without_a_yes_to_exactly_this(yard: Yard) -> None:
    """A draft, a waiting change, a skipped step and another digest are refused with a way out."""
    yard.approved(environments=LADDER)
    change = yard.drafted("one")
    with pytest.raises(ForbiddenError, match="not approved") as caught:
        yard.promoted(change)
    assert caught.value.remedy == "Ask for approval."
    with yard.by("ben") as work:
        change = registry.ask(work, change.id)
    with pytest.raises(ForbiddenError, match="waiting"):
        yard.promoted(change)
    yard.say_yes("rita", change.request_id)
    with pytest.raises(ForbiddenError, match="next step is development"):
        yard.promoted(change, environment="production")
    with pytest.raises(ForbiddenError, match="not what this change names"):
        yard.promoted(change, set_digest="sha256:" + "0" * 64)
    assert yard.promoted(change).environment == "development"


def test_nobody_approves_their_own_change(yard: Yard) -> None:
    """Whoever wrote a change, or a version in it, does not say yes to it."""
    yard.approved()
    with yard.database.work(yard.people["olga"]) as work:
        registry.add_version(work, yard.system.id, "prompt/main", {"text": "by olga"})
    change = yard.asked("by ben")
    with pytest.raises(ForbiddenError):
        yard.say_yes("ben", change.request_id)
    with yard.by("olga") as work:
        own = registry.draft(work, yard.system.id, "Mine", {"prompt/main": 1}, reason="mine")
        own = registry.ask(work, own.id)
    with pytest.raises(ForbiddenError, match="cannot answer"):
        yard.say_yes("olga", own.request_id)


def test_who_wrote_a_part_does_not_approve_the_change(yard: Yard) -> None:
    """Ben drafts a change of a prompt that Olga wrote; Olga's yes does not release it."""
    yard.approved(change_approver="")
    made = yard.version(name="olga", text="by olga")
    with yard.by("olga") as work:
        registry.change_system(work, yard.system.id, yard.stated(change_approver=yard.id("olga")))
    with yard.by("olga") as work:
        registry.submit(work, yard.system.id)
    with yard.by("ben") as work:
        change = registry.draft(
            work, yard.system.id, "Olga's words", {made.label: "latest"}, reason="r"
        )
        registry.check(work, change.id)
        change = registry.ask(work, change.id)
    yard.say_yes("olga", change.request_id)
    with pytest.raises(ForbiddenError, match="wrote a part"):
        yard.promoted(change)


def test_the_named_approver_must_have_said_yes(yard: Yard) -> None:
    """Somebody else's yes is not enough where an approver of changes is named."""
    yard.approved()
    change = yard.asked("one")
    yard.say_yes("cora", change.request_id)
    with pytest.raises(ForbiddenError, match="named approver"):
        yard.promoted(change)


@pytest.mark.requirement("CHG-17")
def test_going_back_is_one_command(yard: Yard) -> None:
    """What served before serves again at once; what was left is marked and not gone back to."""
    yard.approved()
    first, second = yard.released("one"), yard.released("two")
    third = yard.released("three")
    yard.later(1)
    with yard.by("otto") as work:
        registry.roll_back(work, yard.system.id, "production", reason="wrong answers")
    with yard.looking() as work:
        assert serving(work, yard.system) == [(second.set_digest, 100)]
        assert registry.get_change(work, third.id).state is ChangeState.ROLLED_BACK
    yard.later(1)
    with yard.by("otto") as work:
        registry.roll_back(work, yard.system.id, "production", reason="still wrong")
    with yard.looking() as work:
        assert serving(work, yard.system) == [(first.set_digest, 100)]
    yard.later(1)
    with pytest.raises(ConflictError, match="nothing served"), yard.by("otto") as work:
        registry.roll_back(work, yard.system.id, "production", reason="and again")
    (entry, *_) = yard.recorded("registry.rolled_back")
    assert entry["body"]["reason"] == "wrong answers"
    assert entry["body"]["from_set"] == third.set_digest


def test_a_freeze_stops_releases_and_not_the_way_back(yard: Yard) -> None:
    """While frozen, nothing new is promoted; going back stays possible; lifted, it goes on."""
    yard.approved()
    yard.released("one")
    second = yard.agreed("two")
    with yard.by("cora") as work:
        frozen = registry.freeze(
            work,
            starts_at=work.now,
            ends_at=work.now.replace(year=work.now.year + 1),
            reason="end of the year",
        )
    with pytest.raises(ForbiddenError, match="end of the year"):
        yard.promoted(second)
    with yard.by("cora") as work:
        registry.lift(work, frozen.id, reason="over")
    assert yard.promoted(second).environment == "production"


def test_in_an_emergency_the_review_comes_after(yard: Yard) -> None:
    """Production at once by who may, and a question to others that waits until they looked."""
    yard.approved()
    yard.released("one")
    change = yard.drafted("fix", sort=ChangeSort.EMERGENCY)
    made = yard.promoted(change)
    assert (made.environment, made.cause.value) == ("production", "emergency")
    with yard.looking() as work:
        after = registry.get_change(work, change.id)
        request, _, _ = approvals.get(work, after.review_id)
    assert after.state is ChangeState.DONE
    assert request.matter.kind == registry.EMERGENCY
    assert request.state is approvals.State.OPEN
    with pytest.raises(ForbiddenError):
        yard.say_yes("rita", after.review_id)
    yard.say_yes("cora", after.review_id)
    again = yard.drafted("again", sort=ChangeSort.EMERGENCY)
    with pytest.raises(ForbiddenError), yard.by("otto") as work:
        registry.promote(work, again.id)


def test_something_released_in_between_is_noticed(yard: Yard) -> None:
    """Two changes from the same base: the second does not silently undo the first."""
    yard.approved()
    yard.released("one")
    late = yard.agreed("late")
    yard.released("quick")
    with pytest.raises(ForbiddenError, match="something else was released"):
        yard.promoted(late)


def test_of_two_who_promote_at_once_one_takes_the_step(yard: Yard) -> None:
    """Both saw the same step; the second is refused and does not take the one after it."""
    yard.approved()
    yard.released("one")
    change = yard.agreed("two")
    yard.later(60)
    yard.person("rolf", "releaser", scope=EVERYTHING)
    done: list[str] = []

    def promote(name: str) -> None:
        try:
            with yard.by(name) as work:
                registry.promote(work, change.id, step="production:10")
            done.append("took it")
        except (ForbiddenError, ConflictError) as error:
            done.append(type(error).__name__)

    both = [threading.Thread(target=promote, args=(name,)) for name in ("rita", "rolf")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert done.count("took it") == 1
    assert len(done) == 2
    with yard.looking() as work:
        assert [percent for _, percent in serving(work, yard.system)] == [90, 10]


def test_a_denied_change_is_not_promoted(yard: Yard) -> None:
    """A no is a no."""
    yard.approved()
    change = yard.asked("one")
    yard.say_yes("rita", change.request_id, Answer.DENY)
    with pytest.raises(ForbiddenError, match="denied"):
        yard.promoted(change)


def test_a_suspended_system_takes_nothing_new(yard: Yard) -> None:
    """The kill switch stops promotion too, until somebody lets the system go on."""
    yard.approved()
    change = yard.agreed("one")
    with yard.by("otto") as work:
        registry.suspend(work, yard.system.id, reason="odd answers")
    with pytest.raises(ForbiddenError, match="suspended"):
        yard.promoted(change)
    with yard.by("otto") as work:
        registry.resume(work, yard.system.id, reason="understood")
    yard.promoted(change)


def test_a_clock_that_stands_behind_is_told(yard: Yard) -> None:
    """A release dated before the one it ends is refused, for the order would be a lie."""
    yard.approved()
    yard.promoted(yard.agreed("one"))
    second = yard.agreed("two")
    yard.later(-90)
    with pytest.raises(ConflictError, match="clock"):
        yard.promoted(second)
