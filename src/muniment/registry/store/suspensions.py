"""When systems were suspended: added, and ended once, by letting go on or by retiring."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, or_, select, update

from muniment.db import Work
from muniment.registry.models import Suspension
from muniment.registry.store.systems import salt
from muniment.registry.store.tables import suspensions_table

_ROWS = suspensions_table.c


def begin(work: Work, suspension: Suspension) -> None:
    """Keep that a system is suspended from now on."""
    work.write(insert(suspensions_table).values({**asdict(suspension), "salt": salt()}))


def end(work: Work, system_id: str, at: datetime, record: str) -> None:
    """Keep that a system goes on, or is suspended for good, if it was suspended."""
    open_one = update(suspensions_table).where(
        _ROWS.system_id == system_id, _ROWS.ends_at.is_(None)
    )
    work.write(open_one.values(ends_at=at, end_record_id=record))


def at(work: Work, system_id: str, moment: datetime, known_at: datetime) -> Suspension | None:
    """Find the suspension that held at a moment, as it was known at another."""
    asked = (
        select(suspensions_table)
        .where(_ROWS.system_id == system_id, _ROWS.starts_at <= min(moment, known_at))
        .order_by(_ROWS.starts_at.desc(), _ROWS.id.desc())
        .limit(1)
    )
    row = work.read(asked).one_or_none()
    if row is None:
        return None
    found = _as_known(_suspension(row), known_at)
    return found if found.ends_at is None or found.ends_at > moment else None


def between(
    work: Work, system_id: str, since: datetime, until: datetime, known_at: datetime
) -> tuple[Suspension, ...]:
    """List the suspensions of a period, the first one first, as they were known at a moment."""
    asked = (
        select(suspensions_table)
        .where(
            _ROWS.system_id == system_id,
            _ROWS.starts_at < until,
            _ROWS.starts_at <= known_at,
            or_(_ROWS.ends_at.is_(None), _ROWS.ends_at > since),
        )
        .order_by(_ROWS.starts_at, _ROWS.id)
    )
    return tuple(_as_known(_suspension(row), known_at) for row in work.read(asked))


def _as_known(suspension: Suspension, known_at: datetime) -> Suspension:
    """Take from a suspension an end that had not come yet."""
    if suspension.ends_at is not None and suspension.ends_at > known_at:
        return replace(suspension, ends_at=None, end_record_id="")
    return suspension


def _suspension(row: Row[Any]) -> Suspension:
    return Suspension(
        id=row.id,
        system_id=row.system_id,
        starts_at=row.starts_at,
        reason=row.reason,
        author=row.author,
        record_id=row.record_id,
        ends_at=row.ends_at,
        end_record_id=row.end_record_id,
    )
