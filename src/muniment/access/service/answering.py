"""Answering lines of a review: what is decided is carried out in the same work, then looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from muniment.access import rules, store
from muniment.access.models import (
    Answer,
    Grant,
    Line,
    LineSort,
    PersonId,
    Scope,
)
from muniment.access.service.gate import all_roles, change, require
from muniment.access.service.grants import end_grants, keep_an_admin
from muniment.access.service.reading import AREA
from muniment.access.service.reviews import require_independent
from muniment.core.actor import ActorKind
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.reviews import LineAnswered, LinesVerified

_MOST_SECONDS: Final = 24 * 3600
_IDS_PER_ENTRY: Final = 500


def answer(
    work: Work,
    line_id: str,
    said: Answer,
    *,
    reason: str,
    seconds: int,
    ends_at: datetime | None = None,
    scope: Scope | None = None,
    version: int | None = None,
) -> Line:
    """Keep, revoke or change what a line is about, with a reason; it is carried out at once."""
    change(work, "access.answer_review", AREA)
    line = store.line(work, line_id)
    campaign = store.campaign(work, line.campaign_id)
    verdict = rules.may_answer(campaign, line, work.actor.id)
    if not verdict.ok:
        raise ForbiddenError(verdict.reasons[0], subject=line_id, remedy=verdict.remedy)
    if version is not None and version != line.version:
        raise ConflictError("somebody else changed this line meanwhile", subject=line_id)
    if not 0 <= seconds <= _MOST_SECONDS:
        raise InvalidError("the seconds spent lie between none and a day", field="seconds")
    require_independent(work, line, PersonId(work.actor.id))
    said = Answer(said)
    successor, done = "", False
    if said is Answer.REVOKE:
        done = _revoke(work, line)
    elif said is Answer.CHANGE:
        successor, done = _change(work, line, ends_at, scope)
    record(
        work,
        LineAnswered(
            review=line.campaign_id,
            line=line_id,
            answer=said.value,
            sort=line.entitlement.sort.value,
            target=line.entitlement.target,
            seconds=seconds,
            successor=successor,
        ),
    )
    return store.save_line(
        work,
        replace(
            line,
            answer=said,
            reason=rules.clean_reason(reason),
            seconds=seconds,
            decided_at=work.now,
            carried_out_at=work.now if done else None,
        ),
    )


def verify_answers(work: Work, campaign_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read again, after the work that ended them, whether revoked rights are gone; record it."""
    store.take_turn(work)
    by_chore = work.actor.kind is ActorKind.SYSTEM
    require(work, "access.tidy" if by_chore else "access.answer_review", AREA)
    waiting = [
        each
        for each in store.lines(work, campaign_id)
        if each.verified_at is None and each.answer in (Answer.REVOKE, Answer.CHANGE)
    ]
    gone = [each for each in waiting if _is_gone(work, each)]
    here = [
        each
        for each in waiting
        if each not in gone and each.entitlement.sort is not LineSort.OUTSIDE
    ]
    told_gone, told_here = tuple(each.id for each in gone), tuple(each.id for each in here)
    for first in range(0, max(len(gone), len(here)), _IDS_PER_ENTRY):
        last = first + _IDS_PER_ENTRY
        record(work, LinesVerified(campaign_id, told_gone[first:last], told_here[first:last]))
    for each in gone:
        store.save_line(work, replace(each, verified_at=work.now))
    return told_gone, told_here


def _revoke(work: Work, line: Line) -> bool:
    """End a right of ours; what is elsewhere is ended there, and seen gone in the next import."""
    about = line.entitlement
    if about.sort is LineSort.GRANT:
        held = store.grant(work, about.target)
        if _holds(work, held):
            keep_an_admin(work, grants=[held.id])
            end_grants(work, [held])
    elif about.sort is LineSort.MEMBERSHIP and about.holder is not None:
        keep_an_admin(work, parting=(about.team_id, about.holder.id))
        store.end_member(work, about.target)
    elif about.sort is LineSort.KEY:
        key = store.find_key(work, about.target)
        if key.works(work.now):
            store.save_key(work, replace(key, revoked_at=work.now))
    return about.sort is not LineSort.OUTSIDE


def _change(
    work: Work, line: Line, ends_at: datetime | None, scope: Scope | None
) -> tuple[str, bool]:
    """Shorten a right or narrow where it reaches; never widen. Give the grant that follows it."""
    about = line.entitlement
    if about.sort is LineSort.OUTSIDE:
        return "", False
    if ends_at is not None and ends_at <= work.now:
        raise InvalidError("an end lies in the future", field="ends_at", remedy="Revoke instead.")
    if about.sort is LineSort.KEY and ends_at is not None and scope is None:
        key = store.find_key(work, about.target)
        _require_shorter(key.expires_at, ends_at)
        store.save_key(work, replace(key, expires_at=ends_at))
        return "", True
    if about.sort is LineSort.GRANT and (ends_at is not None or scope is not None):
        return _change_grant(work, store.grant(work, about.target), ends_at, scope), True
    raise InvalidError(
        "nothing was said that could be changed here",
        field="ends_at",
        remedy="Give an earlier end, or for a grant a narrower scope; or revoke.",
    )


def _change_grant(work: Work, held: Grant, ends_at: datetime | None, scope: Scope | None) -> str:
    if not _holds(work, held):
        raise ConflictError("this grant has ended already", subject=held.id, remedy="Revoke it.")
    if ends_at is not None:
        _require_shorter(held.ends_at, ends_at)
    keep_an_admin(work, grants=[held.id])
    if scope is None:
        store.save_grant(work, replace(held, ends_at=ends_at))
        return ""
    if scope == held.scope or not held.scope.reaches(scope):
        raise InvalidError(
            f"{scope} does not lie inside {held.scope}",
            field="scope",
            remedy="A review only narrows; ask an admin for more.",
        )
    role = all_roles(work)[held.role]
    ends = ends_at or held.ends_at
    if not rules.fits(role, scope, work.now, ends).ok:
        raise InvalidError(f"{role.name} cannot be held so", field="scope")
    end_grants(work, [held])
    narrowed = replace(
        held,
        id=work.new_id("grt"),
        scope=scope,
        granted_by=work.actor.id,
        starts_at=work.now,
        ends_at=ends,
        version=1,
    )
    store.add_grant(work, narrowed)
    return narrowed.id


def _is_gone(work: Work, line: Line) -> bool:
    """Tell whether what was revoked or changed is as it was decided, read afresh."""
    about = line.entitlement
    if about.sort is LineSort.GRANT:
        held = store.grant(work, about.target)
        shortened = held.ends_at is not None and line.answer is Answer.CHANGE
        return not held.holds(work.now) or shortened
    if about.sort is LineSort.MEMBERSHIP:
        inside = store.members(work, about.team_id, work.now)
        return all(each.id != about.target for each in inside)
    if about.sort is LineSort.KEY:
        key = store.find_key(work, about.target)
        shortened = key.expires_at is not None and line.answer is Answer.CHANGE
        return not key.works(work.now) or shortened
    return store.outside_right(work, about.target).gone_at is not None


def _holds(work: Work, held: Grant) -> bool:
    return held.revoked_at is None and (held.ends_at is None or held.ends_at > work.now)


def _require_shorter(before: datetime | None, after: datetime) -> None:
    if before is not None and after >= before:
        raise InvalidError("a review only shortens", field="ends_at", remedy="Give an earlier end.")
