"""Rights in other systems as they were told, and emergencies until somebody looked them over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.engine import Row

from muniment.access.models import Emergency, Finding, Outside, PersonId
from muniment.access.store.review_tables import emergencies_table, outside_table
from muniment.core.digest import digest_value
from muniment.core.errors import ConflictError, NotFoundError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Work

_OUTSIDE = outside_table.c
_EMERGENCIES = emergencies_table.c


def add_outside(work: Work, rights: Sequence[Outside]) -> None:
    """Keep rights that were told for the first time."""
    work.write(
        insert(outside_table),
        [
            {
                "id": each.id,
                "place": each.place,
                "account": each.account,
                "person_id": each.person_id or "",
                "what": each.what,
                "source": each.source,
                "salt": work.new_id("slt"),
                "seen_at": each.seen_at,
                "gone_at": None,
                "standing_key": digest_value([each.place, each.account, each.what]),
            }
            for each in rights
        ],
    )


def end_outside(work: Work, right_id: str) -> None:
    """Keep that a right was no longer told."""
    work.write(
        update(outside_table)
        .where(_OUTSIDE.id == right_id, _OUTSIDE.gone_at.is_(None))
        .values(gone_at=work.now, standing_key=None)
    )


def resolve_outside(work: Work, right_id: str, person_id: str) -> None:
    """Keep whose account a right belongs to."""
    work.write(update(outside_table).where(_OUTSIDE.id == right_id).values(person_id=person_id))


def outside_right(work: Work, right_id: str) -> Outside:
    """Find a right in another system."""
    found = work.read(select(outside_table).where(_OUTSIDE.id == right_id)).one_or_none()
    if found is None:
        raise NotFoundError("there is no such right", subject=right_id)
    return _outside(found)


def outside_at(work: Work, at: datetime, place: str = "") -> tuple[Outside, ...]:
    """List the rights in other systems that were told at a moment."""
    asked = select(outside_table).where(
        _OUTSIDE.seen_at <= at, or_(_OUTSIDE.gone_at.is_(None), _OUTSIDE.gone_at > at)
    )
    if place:
        asked = asked.where(_OUTSIDE.place == place)
    return tuple(_outside(row) for row in work.read(asked.order_by(_OUTSIDE.id)))


def outside(
    work: Work,
    *,
    place: str = "",
    orphans: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Outside]:
    """List rights in other systems that stand now, newest first."""
    asked = select(outside_table).where(_OUTSIDE.gone_at.is_(None))
    if place:
        asked = asked.where(_OUTSIDE.place == place)
    if orphans:
        asked = asked.where(_OUTSIDE.person_id == "")
    if cursor:
        asked = asked.where(_OUTSIDE.id < str(read_cursor(cursor, 1)[0]))
    rows = work.read(asked.order_by(_OUTSIDE.id.desc()).limit(require_limit(limit) + 1)).all()
    more = write_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    return Page(tuple(_outside(row) for row in rows[:limit]), more)


def add_emergency(work: Work, emergency: Emergency) -> None:
    """Keep that somebody took a role in an emergency."""
    work.write(
        insert(emergencies_table).values(
            id=emergency.id,
            grant_id=emergency.grant_id,
            person_id=emergency.person_id,
            broken_at=emergency.broken_at,
            ends_at=emergency.ends_at,
            reviewed_by="",
            reviewed_at=None,
            finding="",
            words="",
            salt=work.new_id("slt"),
            version=emergency.version,
        )
    )


def save_emergency(work: Work, emergency: Emergency) -> Emergency:
    """Keep what a second person found; whoever was faster wins."""
    written = work.write(
        update(emergencies_table)
        .where(_EMERGENCIES.id == emergency.id, _EMERGENCIES.version == emergency.version)
        .values(
            reviewed_by=emergency.reviewed_by,
            reviewed_at=emergency.reviewed_at,
            finding=emergency.finding.value if emergency.finding else "",
            words=emergency.words,
            version=emergency.version + 1,
        )
    )
    if written.count != 1:
        raise ConflictError(
            "somebody else looked it over meanwhile",
            subject=emergency.id,
            remedy="Read it again.",
        )
    return _emergency(written.rows[0])


def emergency(work: Work, emergency_id: str) -> Emergency:
    """Find an emergency."""
    asked = select(emergencies_table).where(_EMERGENCIES.id == emergency_id)
    found = work.read(asked).one_or_none()
    if found is None:
        raise NotFoundError("there is no such emergency", subject=emergency_id)
    return _emergency(found)


def emergencies(
    work: Work, *, person_id: str = "", unreviewed: bool = False
) -> tuple[Emergency, ...]:
    """List emergencies, newest first."""
    asked = select(emergencies_table).order_by(_EMERGENCIES.id.desc())
    if person_id:
        asked = asked.where(_EMERGENCIES.person_id == person_id)
    if unreviewed:
        asked = asked.where(_EMERGENCIES.reviewed_at.is_(None))
    return tuple(_emergency(row) for row in work.read(asked))


def _outside(row: Row[Any]) -> Outside:
    return Outside(
        id=row.id,
        place=row.place,
        account=row.account,
        person_id=PersonId(row.person_id) if row.person_id else None,
        what=row.what,
        source=row.source,
        seen_at=row.seen_at,
        gone_at=row.gone_at,
    )


def _emergency(row: Row[Any]) -> Emergency:
    return Emergency(
        id=row.id,
        grant_id=row.grant_id,
        person_id=PersonId(row.person_id),
        broken_at=row.broken_at,
        ends_at=row.ends_at,
        reviewed_by=row.reviewed_by,
        reviewed_at=row.reviewed_at,
        finding=Finding(row.finding) if row.finding else None,
        words=row.words,
        version=row.version,
    )
