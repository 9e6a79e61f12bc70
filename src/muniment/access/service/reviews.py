"""Reviews of access: frozen, given to independent people, escalated when late, closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from muniment.access import rules, store
from muniment.access.models import (
    Answer,
    Campaign,
    CampaignState,
    Entitlement,
    HolderKind,
    Line,
    LineSort,
    PersonId,
    PersonState,
    Verdict,
)
from muniment.access.service.gate import change, people_behind, require
from muniment.access.service.population import population
from muniment.access.service.reading import AREA
from muniment.core.clock import stamp
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.core.page import Page
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.reviews import (
    LineReassigned,
    ReviewClosed,
    ReviewOpened,
    ReviewOverdue,
)

_LONGEST: Final = timedelta(days=180)
_MOST_LINES: Final = 20_000


def open_review(
    work: Work,
    name: str,
    reviewers: Sequence[PersonId],
    *,
    due_at: datetime,
    as_of: datetime | None = None,
    sorts: frozenset[LineSort] = frozenset(LineSort),
    system: str = "",
) -> Campaign:
    """Freeze who can reach what, and give each line to a person who is independent of it."""
    change(work, "access.open_review", AREA)
    as_of = as_of or work.now
    _require_times(work, as_of, due_at)
    frozen = population(work, as_of, sorts=sorts, system=system)
    if not 0 < len(frozen) <= _MOST_LINES:
        raise InvalidError(
            f"{len(frozen)} lines cannot be reviewed at once",
            field="as_of",
            remedy="Choose another day, or review a system or a sort of right at a time.",
        )
    assigned = _assigned(work, frozen, reviewers)
    opened = Campaign(
        id=work.new_id("rev"),
        name=rules.clean_name(name),
        as_of=as_of,
        population=rules.population_digest(frozen),
        lines=len(frozen),
        state=CampaignState.OPEN,
        opened_by=work.actor.id,
        opened_at=work.now,
        due_at=due_at,
    )
    lines = [
        Line(work.new_id("rvl"), opened.id, position, about, reviewer)
        for position, (about, reviewer) in enumerate(zip(frozen, assigned, strict=True), start=1)
    ]
    record(
        work,
        ReviewOpened(
            review=opened.id,
            as_of=stamp(as_of),
            population=opened.population,
            lines=opened.lines,
            reviewers=tuple(sorted(set(assigned))),
            due=stamp(due_at),
        ),
    )
    store.add_campaign(work, opened, lines)
    return opened


def reassign(work: Work, line_id: str, reviewer_id: PersonId) -> Line:
    """Give an unanswered line to another independent person."""
    change(work, "access.open_review", AREA)
    line = store.line(work, line_id)
    _require_open(store.campaign(work, line.campaign_id))
    if line.answer is not None:
        raise ConflictError("this line is answered", subject=line_id)
    _require_reviewer(work, reviewer_id)
    _refuse(rules.may_review(line.entitlement, reviewer_id, _teams(work, [line.entitlement])))
    record(work, LineReassigned(line.campaign_id, line_id, reviewer_id, line.reviewer_id))
    return store.save_line(work, replace(line, reviewer_id=reviewer_id))


def escalate(work: Work) -> tuple[Campaign, ...]:
    """Record which reviews are late and who owes answers; again each week until they are closed."""
    store.take_turn(work)
    require(work, "access.tidy", AREA)
    late = [
        each for each in store.unclosed_campaigns(work) if rules.is_due_to_escalate(each, work.now)
    ]
    told = []
    for each in late:
        owing = [line for line in store.lines(work, each.id) if line.answer is None]
        who = tuple(sorted({line.reviewer_id for line in owing}))
        record(work, ReviewOverdue(each.id, len(owing), who))
        overdue = replace(each, state=CampaignState.OVERDUE, escalated_at=work.now)
        told.append(store.save_campaign(work, overdue))
    return tuple(told)


def close_review(
    work: Work,
    campaign_id: str,
    *,
    excuses: Mapping[str, str] | None = None,
    version: int | None = None,
) -> Campaign:
    """Close a review in which every line is answered, or somebody says why it is not."""
    change(work, "access.open_review", AREA)
    campaign = _require_open(store.campaign(work, campaign_id))
    if version is not None and version != campaign.version:
        raise ConflictError("somebody else changed this review meanwhile", subject=campaign_id)
    given = {key: rules.clean_reason(why, field="excuses") for key, why in (excuses or {}).items()}
    lines = store.lines(work, campaign_id)
    verdict = rules.may_close(lines, given)
    if not verdict.ok:
        raise ConflictError(
            "this review cannot be closed yet",
            subject=campaign_id,
            reasons=verdict.reasons,
            remedy=verdict.remedy,
        )
    for each in lines:
        if each.id in given:
            store.save_line(work, replace(each, reason=given[each.id]))
    by_answer = {answer: [each for each in lines if each.answer is answer] for answer in Answer}
    record(
        work,
        ReviewClosed(
            review=campaign_id,
            population=campaign.population,
            kept=len(by_answer[Answer.KEEP]),
            revoked=len(by_answer[Answer.REVOKE]),
            changed=len(by_answer[Answer.CHANGE]),
            excused=len(given),
            open_outside=sum(rules.is_open_outside(each) for each in lines),
        ),
    )
    return store.save_campaign(
        work, replace(campaign, state=CampaignState.CLOSED, closed_at=work.now)
    )


def review(work: Work, campaign_id: str) -> Campaign:
    """Read a review; who has lines in it may."""
    campaign = store.campaign(work, campaign_id)
    _require_part_in(work, campaign_id)
    return campaign


def reviews(work: Work, *, cursor: str | None = None, limit: int = 50) -> Page[Campaign]:
    """List reviews, newest first."""
    require(work, "access.read", AREA)
    return store.campaigns(work, cursor=cursor, limit=limit)


def review_lines(
    work: Work,
    campaign_id: str,
    *,
    mine: bool = False,
    unanswered: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Line]:
    """List lines of a review; a reviewer may list their own."""
    store.campaign(work, campaign_id)
    if not mine:
        require(work, "access.read", AREA)
    return store.lines_page(
        work,
        campaign_id,
        reviewer_id=work.actor.id if mine else "",
        unanswered=unanswered,
        cursor=cursor,
        limit=limit,
    )


def owed_lines(work: Work) -> int:
    """Count the lines that wait for whoever asks."""
    return store.owed(work, work.actor.id)


def require_independent(work: Work, line: Line, reviewer_id: PersonId) -> None:
    """Judge independence again by what is true now: a service may have come to the reviewer."""
    about = line.entitlement
    _refuse(rules.may_review(about, reviewer_id, _teams(work, [about])))
    if about.holder is not None and reviewer_id in people_behind(work, about.holder):
        raise ForbiddenError(
            "nobody reviews what they hold or answer for",
            subject=line.id,
            remedy="Let whoever opened the review reassign this line.",
        )


def _require_part_in(work: Work, campaign_id: str) -> None:
    mine = store.lines_page(work, campaign_id, reviewer_id=work.actor.id, limit=1)
    if not mine.rows:
        require(work, "access.read", AREA)


def _require_times(work: Work, as_of: datetime, due_at: datetime) -> None:
    if as_of > work.now:
        raise InvalidError("a population is frozen as it was, not as it will be", field="as_of")
    if not work.now < due_at <= work.now + _LONGEST:
        raise InvalidError(
            f"a review is due within {_LONGEST.days} days",
            field="due_at",
            remedy="Give a day within that time.",
        )


def _assigned(
    work: Work, frozen: Sequence[Entitlement], reviewers: Sequence[PersonId]
) -> tuple[PersonId, ...]:
    chosen = tuple(dict.fromkeys(reviewers))
    for each in chosen:
        _require_reviewer(work, each)
    assigned = rules.assign(frozen, chosen, _teams(work, frozen))
    alone = [
        f"{each.what} of {each.person_id or each.account}"
        for each, reviewer in zip(frozen, assigned, strict=True)
        if reviewer is None
    ]
    if alone:
        raise ConflictError(
            f"{len(alone)} lines would have nobody independent",
            field="reviewers",
            reasons=tuple(alone[:20]),
            remedy="Name another reviewer who holds none of it.",
        )
    return tuple(each for each in assigned if each is not None)


def _require_reviewer(work: Work, person_id: PersonId) -> None:
    if store.person(work, person_id).state is not PersonState.ACTIVE:
        raise InvalidError(
            "a reviewer is somebody who is active", subject=person_id, field="reviewers"
        )


def _teams(work: Work, about: Sequence[Entitlement]) -> dict[str, frozenset[PersonId]]:
    """Say who holds through each team: its people, and those who answer for its services."""
    ids = {each.team_id for each in about if each.team_id}
    return {
        team_id: frozenset(
            person
            for each in store.members(work, team_id, work.now)
            if each.member.kind is not HolderKind.TEAM
            for person in people_behind(work, each.member)
        )
        for team_id in ids
    }


def _require_open(campaign: Campaign) -> Campaign:
    if campaign.state is CampaignState.CLOSED:
        raise ConflictError(
            "this review is closed", subject=campaign.id, remedy="Open another one."
        )
    return campaign


def _refuse(verdict: Verdict) -> None:
    if not verdict.ok:
        raise ForbiddenError(verdict.reasons[0], remedy=verdict.remedy)
