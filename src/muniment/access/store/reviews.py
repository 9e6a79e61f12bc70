"""Reviews and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Row

from muniment.access.models import (
    Answer,
    Campaign,
    CampaignState,
    Entitlement,
    Holder,
    HolderKind,
    Line,
    LineSort,
    PersonId,
    Scope,
)
from muniment.access.store.review_tables import campaigns_table, lines_table, marks_table
from muniment.core.digest import Digest
from muniment.core.errors import ConflictError, NotFoundError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Work

_CAMPAIGNS = campaigns_table.c
_LINES = lines_table.c


def add_campaign(work: Work, campaign: Campaign, lines: Sequence[Line]) -> None:
    """Keep a new review with its frozen population."""
    work.write(
        insert(campaigns_table).values(
            id=campaign.id,
            name=campaign.name,
            as_of=campaign.as_of,
            population=campaign.population,
            line_count=campaign.lines,
            state=campaign.state.value,
            opened_by=campaign.opened_by,
            opened_at=campaign.opened_at,
            due_at=campaign.due_at,
            closed_at=None,
            escalated_at=None,
            version=campaign.version,
        )
    )
    work.write(insert(lines_table), [_line_row(work, each) for each in lines])


def save_campaign(work: Work, campaign: Campaign) -> Campaign:
    """Keep where a review stands; whoever changed it in between wins."""
    written = work.write(
        update(campaigns_table)
        .where(_CAMPAIGNS.id == campaign.id, _CAMPAIGNS.version == campaign.version)
        .values(
            state=campaign.state.value,
            closed_at=campaign.closed_at,
            escalated_at=campaign.escalated_at,
            version=campaign.version + 1,
        )
    )
    if written.count != 1:
        raise ConflictError(
            "somebody else changed this review meanwhile",
            subject=campaign.id,
            remedy="Read it again, then change it.",
        )
    return _campaign(written.rows[0])


def campaign(work: Work, campaign_id: str) -> Campaign:
    """Find a review."""
    found = work.read(select(campaigns_table).where(_CAMPAIGNS.id == campaign_id)).one_or_none()
    if found is None:
        raise NotFoundError(
            "there is no such review", subject=campaign_id, remedy="See `muniment access reviews`."
        )
    return _campaign(found)


def campaigns(work: Work, *, cursor: str | None = None, limit: int = 50) -> Page[Campaign]:
    """List reviews, newest first."""
    asked = select(campaigns_table).order_by(_CAMPAIGNS.id.desc())
    if cursor:
        asked = asked.where(_CAMPAIGNS.id < str(read_cursor(cursor, 1)[0]))
    rows = work.read(asked.limit(require_limit(limit) + 1)).all()
    more = write_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    return Page(tuple(_campaign(row) for row in rows[:limit]), more)


def unclosed_campaigns(work: Work) -> tuple[Campaign, ...]:
    """List the reviews that are still under way."""
    asked = select(campaigns_table).where(_CAMPAIGNS.state != CampaignState.CLOSED.value)
    return tuple(_campaign(row) for row in work.read(asked.order_by(_CAMPAIGNS.id)))


def line(work: Work, line_id: str) -> Line:
    """Find a line."""
    found = work.read(select(lines_table).where(_LINES.id == line_id)).one_or_none()
    if found is None:
        raise NotFoundError("there is no such line", subject=line_id)
    return _line(found)


def lines(work: Work, campaign_id: str) -> tuple[Line, ...]:
    """List all lines of a review, in their order."""
    asked = select(lines_table).where(_LINES.campaign_id == campaign_id)
    return tuple(_line(row) for row in work.read(asked.order_by(_LINES.position)))


def lines_page(
    work: Work,
    campaign_id: str,
    *,
    reviewer_id: str = "",
    unanswered: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Line]:
    """List lines of a review, some at a time."""
    asked = select(lines_table).where(_LINES.campaign_id == campaign_id)
    if reviewer_id:
        asked = asked.where(_LINES.reviewer_id == reviewer_id)
    if unanswered:
        asked = asked.where(_LINES.answer == "")
    if cursor:
        asked = asked.where(_LINES.position > int(read_cursor(cursor, 1)[0]))
    rows = work.read(asked.order_by(_LINES.position).limit(require_limit(limit) + 1)).all()
    more = write_cursor([rows[limit - 1].position]) if len(rows) > limit else None
    return Page(tuple(_line(row) for row in rows[:limit]), more)


def owed(work: Work, reviewer_id: str) -> int:
    """Count the lines a person has yet to answer."""
    asked = (
        select(func.count())
        .select_from(lines_table.join(campaigns_table, _CAMPAIGNS.id == _LINES.campaign_id))
        .where(
            _LINES.reviewer_id == reviewer_id,
            _LINES.answer == "",
            _CAMPAIGNS.state != CampaignState.CLOSED.value,
        )
    )
    return int(work.read(asked).scalar_one())


def save_line(work: Work, line: Line) -> Line:
    """Keep what was said of a line and what became of it; whoever was faster wins."""
    written = work.write(
        update(lines_table)
        .where(_LINES.id == line.id, _LINES.version == line.version)
        .values(
            reviewer_id=line.reviewer_id,
            answer=line.answer.value if line.answer else "",
            reason=line.reason,
            seconds=line.seconds,
            decided_at=line.decided_at,
            carried_out_at=line.carried_out_at,
            verified_at=line.verified_at,
            version=line.version + 1,
        )
    )
    if written.count != 1:
        raise ConflictError(
            "somebody else changed this line meanwhile",
            subject=line.id,
            remedy="Read it again, then answer it.",
        )
    return _line(written.rows[0])


def mark(work: Work, name: str) -> datetime | None:
    """Read how far a chore has come."""
    found = work.read(select(marks_table.c.at).where(marks_table.c.name == name)).scalar()
    return found if isinstance(found, datetime) else None


def set_mark(work: Work, name: str, at: datetime) -> None:
    """Keep how far a chore has come."""
    if not work.insert_if_absent(marks_table, {"name": name, "at": at}):
        work.write(update(marks_table).where(marks_table.c.name == name).values(at=at))


def _line_row(work: Work, line: Line) -> dict[str, Any]:
    about = line.entitlement
    return {
        "id": line.id,
        "campaign_id": line.campaign_id,
        "position": line.position,
        "sort": about.sort.value,
        "target": about.target,
        "holder_kind": about.holder.kind.value if about.holder else "",
        "holder_id": about.holder.id if about.holder else "",
        "person_id": about.person_id or "",
        "what": about.what,
        "scope": about.scope.as_dict(),
        "grant_id": about.grant_id,
        "team_id": about.team_id,
        "account": about.account,
        "last_used": about.last_used,
        "salt": work.new_id("slt"),
        "reviewer_id": line.reviewer_id,
        "answer": "",
        "reason": "",
        "seconds": 0,
        "decided_at": None,
        "carried_out_at": None,
        "verified_at": None,
        "version": line.version,
    }


def _line(row: Row[Any]) -> Line:
    holder = Holder(HolderKind(row.holder_kind), row.holder_id) if row.holder_id else None
    return Line(
        id=row.id,
        campaign_id=row.campaign_id,
        position=row.position,
        entitlement=Entitlement(
            sort=LineSort(row.sort),
            target=row.target,
            holder=holder,
            person_id=PersonId(row.person_id) if row.person_id else None,
            what=row.what,
            scope=Scope.read(row.scope),
            grant_id=row.grant_id,
            team_id=row.team_id,
            account=row.account,
            last_used=row.last_used,
        ),
        reviewer_id=PersonId(row.reviewer_id),
        answer=Answer(row.answer) if row.answer else None,
        reason=row.reason,
        seconds=row.seconds,
        decided_at=row.decided_at,
        carried_out_at=row.carried_out_at,
        verified_at=row.verified_at,
        version=row.version,
    )


def _campaign(row: Row[Any]) -> Campaign:
    return Campaign(
        id=row.id,
        name=row.name,
        as_of=row.as_of,
        population=Digest(row.population),
        lines=row.line_count,
        state=CampaignState(row.state),
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        due_at=row.due_at,
        closed_at=row.closed_at,
        escalated_at=row.escalated_at,
        version=row.version,
    )
