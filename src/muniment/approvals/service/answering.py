"""Opening a decision and answering it: one person, one exact version, never in bulk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from muniment import access, ledger
from muniment.access import Scope
from muniment.approvals import rules, store
from muniment.approvals.models import (
    Answer,
    Opening,
    Outcome,
    Request,
    State,
    Vote,
    Voter,
)
from muniment.approvals.rules import Leave
from muniment.approvals.service import who
from muniment.approvals.service.asking import put_version, require_text
from muniment.core.actor import ActorKind
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.db import Work
from muniment.ledger.kinds.approvals import Decided, Opened, Overridden, SettledByRule


def open_request(work: Work, request_id: str) -> Request:
    """Show a person exactly what is asked; the time until they answer counts from here."""
    request = store.get(work, request_id)
    access.require(work, "approvals.read", Scope.read(request.matter.scope))
    person = who.person_of(work)
    if person is None:
        return request
    digest = request.version.digest
    if store.opening_of(work, request_id, person, digest) is None:
        opening = Opening(person, digest, work.now)
        store.add_opening(work, work.new_id("opn"), request_id, opening)
        ledger.record(work, Opened(request_id, person, digest, who.signed_in(work)[0]))
    return request


def leave_of(work: Work, request: Request, *, acts_for: str = "") -> Leave:
    """Tell whether the one who asks could answer this request now, and if not, why."""
    verdict = access.may(work, work.actor, "approvals.decide", Scope.read(request.matter.scope))
    if not verdict.ok:
        return Leave(ok=False, reasons=verdict.reasons, remedy=verdict.remedy)
    if who.person_of(work) is None:
        return Leave(ok=False, reasons=("a program cannot say yes for a person",))
    voter = _voter(work, request, acts_for)
    votes = store.votes(work, request.id)
    return rules.may_answer(request, voter, Answer.APPROVE, votes=votes, at=work.now)


def may_answer_for(work: Work, request: Request) -> tuple[str, ...]:
    """List the people for whom the one who asks could answer this request now."""
    person = who.person_of(work)
    if person is None:
        return ()
    held = store.delegations(work, taker=person)
    givers = rules.delegated_to(held, person, kind=request.matter.kind, at=work.now)
    return tuple(each for each in givers if leave_of(work, request, acts_for=each).ok)


def decide(
    work: Work,
    request_id: str,
    answer: Answer,
    *,
    digest: str,
    reason: str,
    change: Mapping[str, Any] | None = None,
    acts_for: str = "",
) -> Request:
    """Answer exactly the version that was shown; with a change, the changed version is answered."""
    request = store.hold(work, request_id)
    scope = Scope.read(request.matter.scope)
    access.require(
        work, "approvals.override" if answer is Answer.OVERRIDE else "approvals.decide", scope
    )
    said = require_text(reason, "reason")
    voter = _voter(work, request, acts_for)
    votes = store.votes(work, request_id)
    _require_leave(rules.may_answer(request, voter, answer, votes=votes, at=work.now), request)
    opening = _require_shown(work, request, voter.person, digest)
    if answer is Answer.APPROVE_WITH_CHANGE:
        request = _changed(work, request, change, voter)
    elif change is not None:
        raise InvalidError(
            "a change comes with the answer approve_with_change only", field="change"
        )
    vote = _vote(work, request, voter, answer, said, opening)
    store.add_vote(work, vote)
    return _close(work, request, vote)


def settle(
    work: Work, request_id: str, *, approve: bool, digest: str, rule: str, reason: str
) -> Request:
    """Let a rule of the product decide; it stands in the record as a rule and never as a person."""
    if work.actor.kind is not ActorKind.SYSTEM:
        raise ForbiddenError(
            "only a rule of the product settles a request",
            subject=request_id,
            remedy="A person decides.",
        )
    request = store.hold(work, request_id)
    if request.state is not State.OPEN:
        raise ConflictError(f"this request is {request.state.value} already", subject=request_id)
    if digest != request.version.digest:
        raise ConflictError("it changed meanwhile", subject=request_id, remedy="Judge it again.")
    state = State.APPROVED if approve else State.DENIED
    answer = Answer.APPROVE if approve else Answer.DENY
    said = require_text(reason, "reason")
    vote = Vote(
        id=work.new_id("vot"),
        request_id=request_id,
        digest=request.version.digest,
        answer=answer,
        person="",
        roles=frozenset(),
        reason=said,
        at=work.now,
        seconds=0,
        signed_in="",
        by_rule=require_text(rule, "rule"),
    )
    store.add_vote(work, vote)
    saved = store.save(work, replace(request, state=state, closed_at=work.now, closed_by=""))
    ledger.record(
        work, SettledByRule(request_id, vote.id, answer.value, digest, rule, said, request.author)
    )
    return saved


def outcome(work: Work, request: Request) -> Outcome:
    """Say how a request stands: what is missing for a yes."""
    return rules.judge(request, store.votes(work, request.id))


def _voter(work: Work, request: Request, acts_for: str) -> Voter:
    person = who.person_of(work)
    if person is None:
        raise ForbiddenError(
            "a program cannot say yes for a person",
            subject=request.id,
            remedy="A person signs in and answers.",
        )
    strong = who.signed_in(work)[1]
    scope = Scope.read(request.matter.scope)
    if not acts_for:
        return Voter(person, who.roles_of(work, person, scope), strong)
    held = store.delegations(work, taker=person)
    givers = rules.delegated_to(held, person, kind=request.matter.kind, at=work.now)
    if acts_for not in givers:
        raise ForbiddenError(
            "they have not asked you to answer for them",
            subject=request.id,
            field="acts_for",
            remedy="They can do so with a delegation, for a time.",
        )
    return Voter(person, who.roles_of(work, acts_for, scope), strong, acts_for)


def _require_leave(leave: Leave, request: Request) -> None:
    if leave.ok:
        return
    raise ForbiddenError(
        "you cannot answer this", subject=request.id, reasons=leave.reasons, remedy=leave.remedy
    )


def _require_shown(work: Work, request: Request, person: str, digest: str) -> Opening:
    if digest != request.version.digest:
        raise ConflictError(
            "it changed since you saw it",
            subject=request.id,
            field="digest",
            remedy="Open it again and answer what it says now.",
        )
    opening = store.opening_of(work, request.id, person, digest)
    if opening is None:
        raise ForbiddenError(
            "you have not opened this version",
            subject=request.id,
            remedy="Open it first: nobody says yes to what they have not seen.",
        )
    return opening


def _changed(
    work: Work, request: Request, change: Mapping[str, Any] | None, voter: Voter
) -> Request:
    if change is None:
        raise InvalidError(
            "the changed document is missing", field="change", remedy="Give it whole."
        )
    changed = put_version(work, request, change, voter.person)
    if changed.version.digest == request.version.digest:
        raise InvalidError(
            "the document is the same as before", field="change", remedy="Approve it instead."
        )
    return changed


def _vote(
    work: Work, request: Request, voter: Voter, answer: Answer, reason: str, opening: Opening
) -> Vote:
    return Vote(
        id=work.new_id("vot"),
        request_id=request.id,
        digest=request.version.digest,
        answer=answer,
        person=voter.person,
        roles=voter.roles,
        reason=reason,
        at=work.now,
        seconds=max(0, int((work.now - opening.at).total_seconds())),
        signed_in=who.signed_in(work)[0],
        acts_for=voter.acts_for,
    )


def _close(work: Work, request: Request, vote: Vote) -> Request:
    """Judge what was said so far, and record the answer with what it came to."""
    found = rules.judge(request, store.votes(work, request.id))
    changed = replace(request, state=found.state)
    if found.state is not State.OPEN:
        changed = replace(changed, closed_at=work.now, closed_by=vote.person)
    saved = store.save(work, changed)
    if vote.answer is Answer.OVERRIDE:
        ledger.record(
            work,
            Overridden(
                request_id=request.id,
                vote_id=vote.id,
                digest=vote.digest,
                person=vote.person,
                acts_for=vote.acts_for,
                signed_in=vote.signed_in,
                seconds=vote.seconds,
                reason=vote.reason,
                author=request.author,
            ),
        )
        return saved
    ledger.record(
        work,
        Decided(
            request_id=request.id,
            vote_id=vote.id,
            answer=vote.answer.value,
            digest=vote.digest,
            person=vote.person,
            acts_for=vote.acts_for,
            roles=tuple(sorted(vote.roles)),
            signed_in=vote.signed_in,
            seconds=vote.seconds,
            reason=vote.reason,
            state=found.state.value,
            missing=found.missing,
            author=request.author,
        ),
    )
    return saved
