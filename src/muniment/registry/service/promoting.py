"""What serves: promoted step by step, rolled back in one, released first in an emergency.

Every verb takes the one turn before it reads, so that two at once follow each other, and the
second is judged by what the first has done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from muniment import access, approvals, ledger
from muniment.approvals import Answer, Matter, Timing, Vote
from muniment.core.digest import same_digest
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.ledger.kinds.registry import Deployed, RolledBack, WentLive
from muniment.registry import store
from muniment.registry.models import (
    DEPLOY,
    EMERGENCY,
    Cause,
    Change,
    ChangeSort,
    ChangeState,
    Deployment,
    Share,
    Stage,
    Step,
    System,
    SystemState,
)
from muniment.registry.rules import changes as rules
from muniment.registry.rules.profiles import require_text
from muniment.registry.service.changes import document_of, take_answer
from muniment.registry.service.checking import versions_in, writers_of
from muniment.registry.service.policing import require_allowed
from muniment.registry.service.standing import ADDRESS, author_of, is_active, place_of
from muniment.registry.service.systems import take_review

_REMIND_SECONDS: Final = 86_400
_YES: Final = (Answer.APPROVE, Answer.APPROVE_WITH_CHANGE, Answer.OVERRIDE)


def next_step(work: Work, change: Change) -> Step | None:
    """Say which step a change takes next."""
    system = store.systems.get(work, change.system_id)
    return rules.next_step(change, _ladder(work, system, change))


def promote(
    work: Work, change_id: str, *, environment: str = "", step: str = "", set_digest: str = ""
) -> Deployment:
    """Take the next step of a change.

    `step`, as production:10, `environment` and `set_digest` say which one is meant: of two who mean
    the same step the second is refused, and does not take the one after it.
    """
    change = store.changes.get(work, change_id)
    system = store.systems.get(work, change.system_id)
    meant = _step_meant(work, system, change, environment or step.partition(":")[0])
    is_emergency = change.sort is ChangeSort.EMERGENCY
    permission = "registry.emergency" if is_emergency else "registry.release"
    access.require(work, permission, place_of(system.id, meant.environment))
    _require_step(change, meant, step)
    turn = store.serving.take_turn(work)
    change = take_answer(work, change_id)
    system = take_review(work, change.system_id)
    serving = _serving(work, system, meant.environment)
    _require_leave(work, system, change, meant, serving)
    _require_digest(change, set_digest)
    request_id = "" if is_emergency else _require_yes(work, system, change)
    versions = versions_in(work, store.parts.version_set(work, change.set_digest))
    approvers = len(_approvers(work, request_id)) if request_id else 0
    require_allowed(work, system, change, meant, versions, approvers=approvers)
    shares = rules.shares_after(serving, change.set_digest, meant.percent, change.id)
    cause = Cause.EMERGENCY if is_emergency else Cause.PROMOTION
    made = _new_interval(work, system, meant.environment, shares, cause, change.reason)
    made = replace(made, record_id=_record(work, made, change, request_id, serving))
    _put(work, made, serving, turn)
    _move_change(work, system, change, meant)
    _go_live(work, system, meant.environment)
    return made


def roll_back(work: Work, id_or_key: str, environment: str, *, reason: str) -> Deployment:
    """Go back to what served an environment whole before; it was approved then, so it may."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.roll_back", place_of(system.id, environment))
    said = require_text(reason, "reason", longest=500, empty=False)
    if system.profile.environment(environment) is None:
        raise _no_environment(system, environment)
    turn = store.serving.take_turn(work)
    history = store.serving.history(work, system.id, environment)
    serving = _serving(work, system, environment)
    if serving is None:
        raise ConflictError(
            f"nothing serves in {environment}", subject=system.id, remedy="Promote a change."
        )
    target = rules.rollback_to(history, store.changes.spoiled(work, system.id))
    if target is None:
        raise ConflictError(
            f"nothing served {environment} before",
            subject=system.id,
            remedy=f"Stop it: `muniment registry suspend {system.key}`.",
        )
    leaving = serving.shares[-1]
    shares = (Share(target.set_digest, 100, target.change_id),)
    made = _new_interval(work, system, environment, shares, Cause.ROLLBACK, said)
    record = ledger.record(
        work,
        RolledBack(
            deployment_id=made.id,
            system_id=system.id,
            environment=environment,
            set_digest=target.set_digest,
            from_set=leaving.set_digest,
            change_id=leaving.change_id,
            before=serving.id,
            reason=said,
        ),
    )
    _put(work, replace(made, record_id=record), serving, turn)
    _mark_rolled_back(work, leaving)
    return store.serving.get(work, made.id)


def stop_canary(work: Work, system_id: str, environment: str, *, reason: str) -> Deployment | None:
    """Go back by rule where only a share of the traffic tries something new."""
    try:
        system = store.systems.get(work, system_id)
    except NotFoundError:
        return None
    serving = _serving(work, system, environment)
    if serving is None or len(serving.shares) < 2:
        return None
    return roll_back(work, system.id, environment, reason=reason)


def _step_meant(work: Work, system: System, change: Change, environment: str) -> Step:
    due = rules.next_step(change, _ladder(work, system, change))
    if due is None:
        raise ConflictError(
            "this change has taken every step", subject=change.id, remedy="Draft a new change."
        )
    if environment and system.profile.environment(environment) is None:
        raise _no_environment(system, environment)
    return Step(environment, due.percent) if environment else due


def _ladder(work: Work, system: System, change: Change) -> tuple[Step, ...]:
    """List the steps of a change; in an emergency, production at once."""
    if change.sort is ChangeSort.EMERGENCY:
        places = rules.in_order(system.profile.environments)
        return tuple(Step(each.name, 100) for each in places if each.stage is Stage.PRODUCTION)
    serving = [
        each
        for each in store.serving.serving_now(work, system.id)
        if any(share.set_digest != change.set_digest for share in each.shares)
    ]
    return rules.ladder(system, serving)


def _serving(work: Work, system: System, environment: str) -> Deployment | None:
    now = store.serving.serving_now(work, system.id)
    return next((each for each in now if each.environment == environment), None)


def _require_leave(
    work: Work, system: System, change: Change, step: Step, serving: Deployment | None
) -> None:
    leave = rules.may_promote(
        system,
        change,
        step,
        due=rules.next_step(change, _ladder(work, system, change)),
        serving=serving,
        freezes=store.changes.freezes(work, work.now),
        at=work.now,
        owner_acts=is_active(work, system.profile.owner),
    )
    if not leave.ok:
        raise ForbiddenError(
            "this change cannot be promoted now",
            subject=change.id,
            reasons=leave.reasons,
            remedy=leave.remedy,
        )


def _require_step(change: Change, meant: Step, step: str) -> None:
    if step and step != str(meant):
        raise ForbiddenError(
            f"its next step is {meant}, not {step[:110]}",
            subject=change.id,
            field="step",
            remedy="Look at it again; somebody may have taken that step.",
        )


def _require_digest(change: Change, set_digest: str) -> None:
    if set_digest and not same_digest(set_digest, change.set_digest):
        raise ForbiddenError(
            "what is about to be deployed is not what this change names",
            subject=change.id,
            field="set_digest",
            remedy="Draft a change of exactly these versions and have it approved.",
        )


def _require_yes(work: Work, system: System, change: Change) -> str:
    """Require that exactly this was approved, by the named approver and by nobody who wrote it."""
    document = document_of(work, change)
    request = approvals.standing(work, DEPLOY, ("change", change.id), document)
    if request is None:
        raise ForbiddenError(
            "exactly this is not approved", subject=change.id, remedy="Ask for approval."
        )
    said_yes = _said_yes(work, request.id)
    approvers = _names_in(said_yes)
    own = approvers & _writers(work, change)
    if own:
        raise ForbiddenError(
            "whoever wrote a part of a change does not approve it",
            subject=change.id,
            reasons=tuple(sorted(own)),
            remedy="Draft it anew and let somebody else approve it.",
        )
    missing = rules.approver_missing(system, approvers, overridden=_overridden(said_yes))
    if missing:
        raise ForbiddenError(
            missing,
            subject=change.id,
            remedy="Let them approve it, or state another approver of changes first.",
        )
    return request.id


def _said_yes(work: Work, request_id: str) -> list[Vote]:
    request, votes, _ = approvals.get(work, request_id)
    digest = request.version.digest
    return [each for each in votes if each.answer in _YES and each.digest == digest]


def _names_in(votes: Iterable[Vote]) -> set[str]:
    return {name for each in votes for name in (each.person, each.acts_for) if name}


def _approvers(work: Work, request_id: str) -> set[str]:
    return _names_in(_said_yes(work, request_id))


def _writers(work: Work, change: Change) -> set[str]:
    versions = versions_in(work, store.parts.version_set(work, change.set_digest))
    return writers_of(work, change, versions)


def _overridden(votes: Iterable[Vote]) -> bool:
    return any(each.answer is Answer.OVERRIDE for each in votes)


def _new_interval(
    work: Work,
    system: System,
    environment: str,
    shares: tuple[Share, ...],
    cause: Cause,
    reason: str,
) -> Deployment:
    return Deployment(
        id=work.new_id("dep"),
        system_id=system.id,
        environment=environment,
        shares=shares,
        starts_at=work.now,
        recorded_at=work.now,
        cause=cause,
        reason=reason,
        author=author_of(work),
    )


def _record(
    work: Work, made: Deployment, change: Change, request_id: str, before: Deployment | None
) -> str:
    return ledger.record(
        work,
        Deployed(
            deployment_id=made.id,
            system_id=made.system_id,
            environment=made.environment,
            shares=tuple((each.set_digest, each.percent) for each in made.shares),
            change_id=change.id,
            request_id=request_id,
            cause=made.cause.value,
            before=before.id if before is not None else "",
        ),
    )


def _put(work: Work, made: Deployment, before: Deployment | None, turn: int) -> None:
    """End what served and begin what serves; a clock that stands behind is told, not followed."""
    if before is not None:
        if before.starts_at >= made.starts_at:
            raise ConflictError(
                "the clock stands before the last release",
                subject=before.id,
                remedy="Set the clock of this machine, then do it again.",
            )
        store.serving.end(
            work, before.id, made.starts_at, recorded_at=work.now, record=made.record_id
        )
    store.serving.add(work, made)
    store.serving.stand(work, made.system_id, made.environment, made.id, turn)


def _move_change(work: Work, system: System, change: Change, step: Step) -> None:
    moved = replace(change, reached=(*change.reached, step), updated_at=work.now)
    done = rules.next_step(moved, _ladder(work, system, moved)) is None
    state = ChangeState.DONE if done else ChangeState.RELEASING
    if change.sort is ChangeSort.EMERGENCY and not change.review_id:
        moved = replace(moved, review_id=_ask_after(work, system, change))
    store.changes.save(work, replace(moved, state=state))


def _ask_after(work: Work, system: System, change: Change) -> str:
    """Ask for the look at an emergency that comes after it, until somebody has looked."""
    matter = Matter(
        kind=EMERGENCY,
        subject=("change", change.id),
        title=f"{system.profile.name}: released in an emergency: {change.title}",
        document=document_of(work, change),
        consequence="It was right to release this before anybody had approved it.",
        scope=place_of(system.id).as_dict(),
        href=f"{ADDRESS}/changes/{change.id}",
    )
    request = approvals.ask(
        work,
        matter,
        approvals.rule_for_tier(system.tier),
        author=author_of(work),
        owner=system.profile.owner,
        timing=Timing(remind_every_seconds=_REMIND_SECONDS),
    )
    return request.id


def _go_live(work: Work, system: System, environment: str) -> None:
    place = system.profile.environment(environment)
    if system.state is not SystemState.APPROVED or place is None:
        return
    if place.stage is Stage.PRODUCTION:
        live = replace(system, state=SystemState.LIVE, updated_at=work.now)
        store.systems.save(work, live, author_of(work))
        ledger.record(work, WentLive(system.id))


def _mark_rolled_back(work: Work, leaving: Share) -> None:
    if not leaving.change_id:
        return
    change = store.changes.hold(work, leaving.change_id)
    done = replace(change, state=ChangeState.ROLLED_BACK, updated_at=work.now)
    store.changes.save(work, done)


def _no_environment(system: System, environment: str) -> InvalidError:
    names = ", ".join(each.name for each in system.profile.environments)
    return InvalidError(
        f"{system.key} has no environment {environment[:60]!r}",
        field="environment",
        remedy=f"It has {names}.",
    )
