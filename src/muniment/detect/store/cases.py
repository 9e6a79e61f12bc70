"""Cases. Of a case only the text can go, and it cannot come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Row,
    insert,
    select,
    update,
)

from muniment.core.digest import Digest
from muniment.core.page import Page, read_cursor, write_cursor
from muniment.db import Work
from muniment.detect.models import (
    Case,
    CaseId,
    CaseKind,
)
from muniment.detect.store.tables import cases_table


def add_case(work: Work, case: Case) -> None:
    """Put a case down."""
    row = {
        "id": case.id,
        "system": case.system,
        "kind": case.kind.value,
        "type": case.type,
        "start_at": case.start,
        "end_at": case.end,
        "text": (case.text or "").encode("utf-8", "surrogatepass"),
        "digest": case.digest,
        "build": case.build,
        "reported_by": case.reported_by,
        "reported_at": case.reported_at,
        "erase_after": case.erase_after,
        "erased_at": None,
    }
    work.write(insert(cases_table).values(row))


def erase_case(work: Work, case: Case, at: datetime) -> Case:
    """Take the text of a case away for good."""
    work.write(
        update(cases_table).where(cases_table.c.id == case.id).values(text=None, erased_at=at)
    )
    return replace(case, text=None, erased_at=at)


def case(work: Work, case_id: str) -> Case | None:
    """Find a case."""
    row = work.read(select(cases_table).where(cases_table.c.id == case_id)).one_or_none()
    return None if row is None else _case(row)


def cases(work: Work, system: str, limit: int) -> tuple[Case, ...]:
    """List the cases of a system, the oldest first."""
    query = (
        select(cases_table)
        .where(cases_table.c.system == system)
        .order_by(cases_table.c.id)
        .limit(limit)
    )
    return tuple(_case(row) for row in work.read(query).all())


def page_of_cases(work: Work, limit: int, cursor: str | None) -> Page[Case]:
    """List cases, the newest first, page by page."""
    query = select(cases_table).order_by(cases_table.c.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(cases_table.c.id < str(read_cursor(cursor, 1)[0]))
    rows = [_case(row) for row in work.read(query).all()]
    more = len(rows) > limit
    return Page(tuple(rows[:limit]), write_cursor([rows[limit - 1].id]) if more else None)


def cases_due(work: Work, limit: int) -> tuple[Case, ...]:
    """List cases whose text has been kept long enough."""
    query = (
        select(cases_table)
        .where(cases_table.c.erased_at.is_(None), cases_table.c.erase_after <= work.now)
        .order_by(cases_table.c.erase_after)
        .limit(limit)
    )
    return tuple(_case(row) for row in work.read(query).all())


def _case(row: Row[Any]) -> Case:
    return Case(
        id=CaseId(row.id),
        system=row.system,
        kind=CaseKind(row.kind),
        type=row.type,
        start=row.start_at,
        end=row.end_at,
        text=None if row.text is None else bytes(row.text).decode("utf-8", "surrogatepass"),
        digest=Digest(row.digest),
        build=row.build,
        reported_by=row.reported_by,
        reported_at=row.reported_at,
        erase_after=row.erase_after,
        erased_at=row.erased_at,
    )
