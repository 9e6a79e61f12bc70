"""Whether a change may go on, and everything that stands in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.registry import (
    ChangeSort,
    ChangeState,
    Deployment,
    Finding,
    Freeze,
    Share,
    Step,
    SystemState,
)
from muniment.registry.rules.changes import (
    Leave,
    approver_missing,
    author_finding,
    base_of,
    ladder,
    may_ask,
    may_promote,
    next_step,
    rollback_to,
    shares_after,
)
from tests.registry.making import AT, NEW, OLD, a_change, a_system, an_interval

FREEZE = Freeze("frz_1", "", "", AT, AT + timedelta(days=1), "end of the year", "per_c")
STEP = Step("production", 100)


def judged(
    state: ChangeState = ChangeState.APPROVED,
    system: SystemState = SystemState.LIVE,
    *,
    step: Step = STEP,
    due: Step | None = STEP,
    serving: Deployment | None = None,
    freezes: tuple[Freeze, ...] = (),
    sort: ChangeSort = ChangeSort.NORMAL,
) -> Leave:
    """Judge a promotion in which all is well but for what is given."""
    change = a_change(state, sort=sort)
    return may_promote(
        a_system(system), change, step, due=due, serving=serving, freezes=freezes, at=AT
    )


def test_all_well_goes_on() -> None:
    """An approved change of a live system takes its next step."""
    assert judged().ok
    assert judged(serving=an_interval((OLD, 100))).ok
    assert judged(serving=an_interval((OLD, 90), (NEW, 10))).ok


@pytest.mark.parametrize("state", list(ChangeState))
def test_only_an_approved_change_goes_on(state: ChangeState) -> None:
    """Every other state says what it is."""
    leave = judged(state)
    assert leave.ok == (state in (ChangeState.APPROVED, ChangeState.RELEASING))
    assert leave.ok or (leave.reasons and leave.remedy)


@pytest.mark.parametrize("state", list(SystemState))
def test_only_an_approved_or_live_system_takes_a_change(state: SystemState) -> None:
    """What is proposed, stopped or retired takes nothing new."""
    assert judged(system=state).ok == (state in (SystemState.APPROVED, SystemState.LIVE))


def test_a_freeze_a_skipped_step_and_a_moved_base_stand_in_the_way() -> None:
    """Each reason is told by itself; an emergency passes a freeze and nothing else."""
    assert judged(freezes=(FREEZE,)).reasons == ("production is frozen: end of the year",)
    assert judged(freezes=(FREEZE,), sort=ChangeSort.EMERGENCY).ok
    assert "next step is staging:100" in judged(due=Step("staging", 100)).reasons[0]
    assert judged(due=None).reasons == ("it has taken every step",)
    moved = judged(serving=an_interval(("sha256:" + "c" * 64, 100)))
    assert moved.reasons == ("something else was released there since it was drafted",)


def test_the_ladder_begins_far_from_users() -> None:
    """Development, staging, a share of production where something serves, then all of it."""
    steps = ladder(a_system(), [an_interval((OLD, 100))])
    assert [str(each) for each in steps] == [
        "development:100",
        "staging:100",
        "production:10",
        "production:100",
    ]
    assert len(ladder(a_system(), [])) == 3


@given(st.integers(0, 4))
def test_a_change_takes_each_step_once(count: int) -> None:
    """However far it came, the next step is the first one it has not taken."""
    steps = ladder(a_system(), [an_interval((OLD, 100))])
    change = a_change(reached=tuple(str(each) for each in steps[:count]))
    assert next_step(change, steps) == (steps[count] if count < len(steps) else None)


def test_what_is_known_to_be_wrong_is_not_asked_about() -> None:
    """Not met stops the question; could not tell goes before those who answer it."""
    doubt = Finding("risk_assessment", "could_not_tell", "None was recorded.")
    wrong = Finding("evaluation", "not_met", "auc is 0.8.")
    assert may_ask(a_change(ChangeState.DRAFT), [doubt]).ok
    assert may_ask(a_change(ChangeState.DRAFT), [doubt, wrong]).reasons == (
        "evaluation: auc is 0.8.",
    )
    assert not may_ask(a_change(ChangeState.DONE), []).ok


@given(st.integers(1, 100), st.integers(1, 99))
def test_shares_always_make_a_hundred(percent: int, before: int) -> None:
    """Whatever served, a step leaves a hundred per cent, and the new set has its share."""
    serving = an_interval((OLD, before), ("sha256:" + "c" * 64, 100 - before))
    shares = shares_after(serving, NEW, percent, "chg_1")
    assert sum(each.percent for each in shares) == 100
    assert shares[-1] == Share(NEW, percent, "chg_1")
    assert shares_after(None, NEW, percent, "chg_1") == (Share(NEW, 100, "chg_1"),)


def test_going_back_skips_what_was_itself_rolled_back() -> None:
    """From a share of the new one goes back to the old; a spoiled set is not gone back to."""
    other = "sha256:" + "c" * 64
    canary = an_interval((OLD, 90), (NEW, 10), hours=(3, None))
    whole = [an_interval((OLD, 100), hours=(2, 3)), an_interval((other, 100), hours=(1, 2))]
    assert rollback_to([canary, *whole], ()) == whole[0].shares[0]
    assert rollback_to([canary, *whole], {OLD}) == whole[1].shares[0]
    assert rollback_to([canary], ()) is None
    assert rollback_to([], ()) is None


def test_the_base_is_what_serves_most_in_production() -> None:
    """A change begins from what users get; elsewhere it may meet anything."""
    serving = [an_interval((OLD, 90), (NEW, 10)), an_interval((NEW, 100), environment="staging")]
    assert base_of(a_system(), serving) == {"production": OLD}
    assert base_of(a_system(), []) == {"production": ""}


def test_the_named_approver_is_missed() -> None:
    """Unless a counted override stands in their place."""
    system = a_system(approver="per_rita")
    assert approver_missing(system, ["per_cora"], overridden=False)
    assert not approver_missing(system, ["per_cora", "per_rita"], overridden=False)
    assert not approver_missing(system, ["per_cora"], overridden=True)
    assert not approver_missing(a_system(), [], overridden=False)


def test_a_part_without_a_person_behind_it_is_told() -> None:
    """Whoever cannot be named cannot be told apart from who approves."""
    assert author_finding(["per_a", "per_b"]).verdict == "met"
    assert author_finding(["per_a", "cli"]).verdict == "not_met"


def test_without_an_owner_or_a_review_nothing_new_is_released() -> None:
    """An approved change waits for a hand-over or a new look; an emergency does not."""
    system = replace(a_system(), review_due_at=AT)
    step = Step("production", 100)

    def judge(sort: ChangeSort) -> Leave:
        return may_promote(
            system,
            a_change(sort=sort),
            step,
            due=step,
            serving=None,
            freezes=(),
            at=AT,
            owner_acts=False,
        )

    assert judge(ChangeSort.NORMAL).reasons == (
        "its owner can no longer act; hand it over",
        "the review of the system no longer holds; submit it again",
    )
    assert judge(ChangeSort.EMERGENCY).ok
