"""Taking back that somebody looked at what they were told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import select, update

from muniment.db import Work
from muniment.notices.store.tables import groups_table
from muniment.notices.store.tables import tellings_table as _tellings

_GROUPS: Final = groups_table.c
_TELLINGS: Final = _tellings.c


def put_back(work: Work, person: str, at: datetime) -> tuple[str, ...]:
    """Take back what a person marked at a moment; who else looked keeps having looked."""
    done = work.write(
        update(_tellings)
        .where(_TELLINGS.person == person, _TELLINGS.seen_at == at)
        .values(seen_at=None)
    )
    back = sorted({row.group_id for row in done.rows})
    if not back:
        return ()
    work.write(
        update(groups_table)
        .where(_GROUPS.id.in_(back), _GROUPS.seen_by == person, _GROUPS.seen_at == at)
        .values(seen_at=None, seen_by="")
    )
    _seen_by_others(work, back)
    return tuple(back)


def _seen_by_others(work: Work, back: Collection[str]) -> None:
    """Let a group that others looked at, too, be seen by the first of them."""
    asked = (
        select(_TELLINGS.group_id, _TELLINGS.person, _TELLINGS.seen_at)
        .where(_TELLINGS.group_id.in_(sorted(back)), _TELLINGS.seen_at.is_not(None))
        .order_by(_TELLINGS.seen_at.desc())
    )
    first = {row.group_id: row for row in work.read(asked)}
    for group_id, row in first.items():
        work.write(
            update(groups_table)
            .where(_GROUPS.id == group_id, _GROUPS.seen_at.is_(None))
            .values(seen_at=row.seen_at, seen_by=row.person)
        )
