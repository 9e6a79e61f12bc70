"""Whether a change may go on: the ladder of its steps, and everything that stands in the way.

The order of judgement: is this exactly what was approved, is the system in a state to change, is
anything frozen, is this the next step. Every reason is told, with one way out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from muniment.registry.models import (
    Change,
    ChangeSort,
    ChangeState,
    Deployment,
    Environment,
    Finding,
    Freeze,
    Share,
    Stage,
    Step,
    System,
    SystemState,
)

_ORDER = (Stage.DEVELOPMENT, Stage.STAGING, Stage.PRODUCTION)
_PERSON = "per_"
_MAY_SERVE = (SystemState.APPROVED, SystemState.LIVE)


@dataclass(frozen=True, slots=True)
class Leave:
    """Whether something may go on; if not, why and what to do."""

    ok: bool
    reasons: tuple[str, ...] = ()
    remedy: str = ""


def ladder(system: System, serving: Iterable[Deployment]) -> tuple[Step, ...]:
    """List the steps of a change, from the first environment to all of production.

    Where something serves in production already, a share of the traffic comes first.
    """
    taken = {each.environment for each in serving}
    steps: list[Step] = []
    for place in in_order(system.profile.environments):
        canary = system.profile.canary_percent
        if place.stage is Stage.PRODUCTION and canary and place.name in taken:
            steps.append(Step(place.name, canary))
        steps.append(Step(place.name, 100))
    return tuple(steps)


def in_order(environments: Sequence[Environment]) -> tuple[Environment, ...]:
    """Order environments from development to production, as they are written within a stage."""
    return tuple(sorted(environments, key=lambda each: _ORDER.index(each.stage)))


def next_step(change: Change, steps: Sequence[Step]) -> Step | None:
    """Give the step a change takes next, or nothing when it has taken all.

    Steps are compared by what was reached, so that a ladder which grew by a canary goes on.
    """
    reached = {(each.environment, each.percent) for each in change.reached}
    whole = {each.environment for each in change.reached if each.percent == 100}
    for step in steps:
        if step.environment not in whole and (step.environment, step.percent) not in reached:
            return step
    return None


def author_finding(authors: Iterable[str]) -> Finding:
    """Judge whether it is known who wrote a change; of whom is not known nobody is independent."""
    if all(each.startswith(_PERSON) for each in authors):
        return Finding("author", "met", "It is known who wrote every part.")
    says = (
        "The change or a part was written by the command line and not by a person; a person adopts"
        " such a version, or writes it and drafts the change with --as."
    )
    return Finding("author", "not_met", says)


def may_ask(change: Change, findings: Sequence[Finding]) -> Leave:
    """Tell whether a change may go before those who approve: nothing may be known to be wrong."""
    if change.state not in (ChangeState.DRAFT, ChangeState.WAITING, ChangeState.DENIED):
        return Leave(ok=False, reasons=(f"it is {_said(change.state)}",), remedy="Draft a new one.")
    wrong = tuple(f"{each.name}: {each.says}" for each in findings if each.verdict == "not_met")
    if wrong:
        return Leave(ok=False, reasons=wrong, remedy="Mend what is not met, then ask again.")
    return Leave(ok=True)


def may_promote(
    system: System,
    change: Change,
    step: Step,
    *,
    due: Step | None,
    serving: Deployment | None,
    freezes: Sequence[Freeze],
    at: datetime,
    owner_acts: bool = True,
) -> Leave:
    """Tell whether a change may take a step now, beside what `serving` serves there."""
    reasons = [
        *_unfit(system, change),
        *_unowned(system, change, at, owner_acts=owner_acts),
        *_frozen(system, change, step, freezes, at),
        *_moved(change, step, serving),
    ]
    if due is None:
        reasons.append("it has taken every step")
    elif (step.environment, step.percent) != (due.environment, due.percent):
        reasons.append(f"its next step is {due}, not {step}")
    if not reasons:
        return Leave(ok=True)
    return Leave(ok=False, reasons=tuple(reasons), remedy=_way_out(system, change, due))


def approver_missing(system: System, approvers: Iterable[str], *, overridden: bool) -> str:
    """Say that the named approver of changes has not said yes, or nothing."""
    named = system.profile.change_approver
    if overridden or not named or named in set(approvers):
        return ""
    return "the named approver of changes has not said yes"


def shares_after(
    before: Deployment | None, set_digest: str, percent: int, change_id: str
) -> tuple[Share, ...]:
    """Say who shares the traffic after a step: the rest stays with the set that had it whole."""
    fresh = Share(set_digest, percent, change_id)
    if percent == 100 or before is None:
        return (Share(set_digest, 100, change_id),)
    rest = [each for each in before.shares if each.set_digest != set_digest]
    if not rest:
        return (Share(set_digest, 100, change_id),)
    largest = max(rest, key=lambda each: each.percent)
    return (Share(largest.set_digest, 100 - percent, largest.change_id), fresh)


def rollback_to(history: Sequence[Deployment], spoiled: Collection[str]) -> Share | None:
    """Find what to go back to: the newest set that had all of the traffic before.

    `history` is newest first, with what serves now at its head; what is `spoiled` was rolled back
    itself once.
    """
    if not history:
        return None
    leaving = history[0].shares[-1].set_digest
    for each in history[1:]:
        if each.whole and each.whole != leaving and each.whole not in spoiled:
            return each.shares[0]
    return None


def _unfit(system: System, change: Change) -> list[str]:
    found = []
    if system.state not in _MAY_SERVE:
        found.append(f"the system is {system.state.value.replace('_', ' ')}")
    ready: tuple[ChangeState, ...] = (ChangeState.APPROVED, ChangeState.RELEASING)
    if change.sort is ChangeSort.EMERGENCY:
        ready = (ChangeState.DRAFT, ChangeState.WAITING, *ready)
    if change.state not in ready:
        found.append(f"the change is {_said(change.state)}, not approved")
    return found


def _unowned(system: System, change: Change, at: datetime, *, owner_acts: bool) -> list[str]:
    """Say that nobody answers for a system any more, or that it must be looked at again."""
    if change.sort is ChangeSort.EMERGENCY:
        return []
    found = [] if owner_acts else ["its owner can no longer act; hand it over"]
    if system.review_due_at is not None and system.review_due_at <= at:
        found.append("the review of the system no longer holds; submit it again")
    return found


def _frozen(
    system: System, change: Change, step: Step, freezes: Sequence[Freeze], at: datetime
) -> list[str]:
    if change.sort is ChangeSort.EMERGENCY:
        return []
    standing = [each for each in freezes if each.holds(system.id, step.environment, at)]
    return [f"{step.environment} is frozen: {each.reason}" for each in standing]


def _moved(change: Change, step: Step, serving: Deployment | None) -> list[str]:
    """Tell that something else was released since this change was written, if that counts there."""
    known = {change.set_digest, change.base.get(step.environment)}
    if step.environment not in change.base or serving is None:
        return []
    others = {each.set_digest for each in serving.shares} - known
    return ["something else was released there since it was drafted"] if others else []


def base_of(system: System, serving: Iterable[Deployment]) -> dict[str, str]:
    """Say from what a change begins: the set that serves most in each place of production."""
    now = {each.environment: each for each in serving}
    found = {}
    for place in system.profile.environments:
        if place.stage is Stage.PRODUCTION:
            there = now.get(place.name)
            shares = there.shares if there is not None else ()
            most = max(shares, key=lambda each: each.percent, default=None)
            found[place.name] = most.set_digest if most is not None else ""
    return found


def _way_out(system: System, change: Change, due: Step | None) -> str:
    if system.state not in _MAY_SERVE:
        return "See that the system is approved and not suspended."
    if change.state in (ChangeState.DRAFT, ChangeState.DENIED):
        return "Ask for approval."
    if change.state is ChangeState.WAITING:
        return "Wait for the approval."
    if due is None:
        return "Draft a new change."
    return f"Take the step {due}, wait until a freeze is over, or draft the change anew."


def _said(state: ChangeState) -> str:
    return state.value.replace("_", " ")
