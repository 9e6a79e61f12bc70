"""Cases. What one says of its text only goes one way: kept in the vault, then erased."""

from __future__ import annotations

from dataclasses import replace
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
    KeptText,
)
from muniment.detect.store.tables import case_texts_table, cases_table

_CASES = select(cases_table, case_texts_table).outerjoin(
    case_texts_table, case_texts_table.c.case == cases_table.c.id
)


def add_case(work: Work, case: Case) -> None:
    """Put a case down."""
    row = {
        "id": case.id,
        "system": case.system,
        "kind": case.kind.value,
        "type": case.type,
        "start_at": case.start,
        "end_at": case.end,
        "text": None,
        "digest": case.digest,
        "build": case.build,
        "reported_by": case.reported_by,
        "reported_at": case.reported_at,
        "erase_after": case.erase_after,
        "erased_at": None,
    }
    work.write(insert(cases_table).values(row))
    _add_text(work, case)


def keep_case(work: Work, case: Case) -> None:
    """Say where the vault keeps a text from now on that stood here plainly."""
    work.write(update(cases_table).where(cases_table.c.id == case.id).values(text=None))
    _add_text(work, case)


def erase_case(work: Work, case: Case) -> Case:
    """Take the text of a case away for good."""
    mine = cases_table.c.id == case.id
    work.write(update(cases_table).where(mine).values(text=None, erased_at=work.now))
    return replace(case, erased_at=work.now)


def case(work: Work, case_id: str) -> Case | None:
    """Find a case."""
    row = work.read(_CASES.where(cases_table.c.id == case_id)).one_or_none()
    return None if row is None else _case(row)


def cases(work: Work, system: str, limit: int) -> tuple[Case, ...]:
    """List the cases of a system, the oldest first."""
    query = _CASES.where(cases_table.c.system == system).order_by(cases_table.c.id).limit(limit)
    return tuple(_case(row) for row in work.read(query).all())


def page_of_cases(work: Work, limit: int, cursor: str | None) -> Page[Case]:
    """List cases, the newest first, page by page."""
    query = _CASES.order_by(cases_table.c.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(cases_table.c.id < str(read_cursor(cursor, 1)[0]))
    rows = [_case(row) for row in work.read(query).all()]
    more = len(rows) > limit
    return Page(tuple(rows[:limit]), write_cursor([rows[limit - 1].id]) if more else None)


def cases_due(work: Work, limit: int) -> tuple[Case, ...]:
    """List cases whose text has been kept long enough."""
    query = (
        _CASES.where(cases_table.c.erased_at.is_(None), cases_table.c.erase_after <= work.now)
        .order_by(cases_table.c.erase_after)
        .limit(limit)
    )
    return tuple(_case(row) for row in work.read(query).all())


def plain_cases(work: Work, limit: int) -> tuple[tuple[Case, bytes], ...]:
    """List cases whose text an earlier version kept here plainly, with that text."""
    query = _CASES.where(cases_table.c.text.is_not(None)).order_by(cases_table.c.id).limit(limit)
    return tuple((_case(row), bytes(row.text)) for row in work.read(query).all())


def _add_text(work: Work, case: Case) -> None:
    if case.kept is None:
        return
    row = {
        "case": case.id,
        "subject": case.subject,
        "kid": case.kept.kid,
        "commitment": case.kept.commit,
        "ct_sha256": case.kept.ct_sha256,
        "ct_len": case.kept.ct_len,
    }
    work.write(insert(case_texts_table).values(row))


def _case(row: Row[Any]) -> Case:
    return Case(
        id=CaseId(row.id),
        system=row.system,
        kind=CaseKind(row.kind),
        type=row.type,
        start=row.start_at,
        end=row.end_at,
        subject=row.subject or "",
        kept=KeptText(row.kid, row.commitment, row.ct_sha256, row.ct_len) if row.kid else None,
        digest=Digest(row.digest),
        build=row.build,
        reported_by=row.reported_by,
        reported_at=row.reported_at,
        erase_after=row.erase_after,
        erased_at=row.erased_at,
    )
