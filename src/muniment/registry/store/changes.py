"""Change requests and freezes: saved by compare-and-set, found again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from muniment.core.errors import ConflictError, NotFoundError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Work
from muniment.registry.models import (
    Change,
    ChangeSort,
    ChangeState,
    Finding,
    Freeze,
    Origin,
    Step,
)
from muniment.registry.store.systems import salt
from muniment.registry.store.tables import changes_table, freezes_table

_CHANGES = changes_table.c


@dataclass(frozen=True, slots=True)
class ChangeQuery:
    """Which changes are wanted; nothing given means all of them."""

    system_id: str = ""
    state: ChangeState | None = None
    sort: ChangeSort | None = None
    set_digest: str = ""


def add(work: Work, change: Change) -> None:
    """Keep a new change."""
    row = {
        "id": change.id,
        "system_id": change.system_id,
        "title": change.title,
        "reason": change.reason,
        "author": change.author,
        "sort": change.sort.value,
        "set_digest": change.set_digest,
        "base": dict(change.base),
        "ticket": change.origin.ticket,
        "commit_id": change.origin.commit,
        "pull_request": change.origin.pull_request,
        "made_at": change.made_at,
        **_moving(change),
    }
    work.write(insert(changes_table).values(row))


def save(work: Work, change: Change) -> Change:
    """Keep what a change is now; of two at once the first wins."""
    written = work.write(
        update(changes_table)
        .where(_CHANGES.id == change.id, _CHANGES.revision == change.revision)
        .values(**{**_moving(change), "revision": change.revision + 1})
    )
    if written.count != 1:
        raise ConflictError(
            "somebody else moved this change at the same moment",
            subject=change.id,
            remedy="Look at it again, then take the step that is next now.",
        )
    return _change(written.rows[0])


def get(work: Work, change_id: str) -> Change:
    """Find a change."""
    row = work.read(select(changes_table).where(_CHANGES.id == change_id)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"there is no change {change_id[:60]}",
            subject=change_id[:60],
            remedy="See `muniment registry changes`.",
        )
    return _change(row)


def hold(work: Work, change_id: str) -> Change:
    """Find a change and keep others from moving it until this work ends."""
    locked = select(_CHANGES.id).where(_CHANGES.id == change_id).with_for_update()
    work.read(locked).one_or_none()
    return get(work, change_id)


def named(work: Work, ids: Iterable[str]) -> dict[str, Change]:
    """Find several changes at once."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = work.read(select(changes_table).where(_CHANGES.id.in_(wanted)))
    return {row.id: _change(row) for row in rows}


def find(
    work: Work, query: ChangeQuery, *, limit: int = 50, cursor: str | None = None
) -> Page[Change]:
    """List changes, the newest first."""
    asked = select(changes_table)
    if query.system_id:
        asked = asked.where(_CHANGES.system_id == query.system_id)
    if query.state is not None:
        asked = asked.where(_CHANGES.state == query.state.value)
    if query.sort is not None:
        asked = asked.where(_CHANGES.sort == query.sort.value)
    if query.set_digest:
        asked = asked.where(_CHANGES.set_digest == query.set_digest)
    if cursor:
        asked = asked.where(_CHANGES.id < str(read_cursor(cursor, 1)[0]))
    asked = asked.order_by(_CHANGES.id.desc()).limit(require_limit(limit) + 1)
    rows = [_change(row) for row in work.read(asked)]
    more = write_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    return Page(tuple(rows[:limit]), more)


def spoiled(work: Work, system_id: str) -> frozenset[str]:
    """Name the sets that were rolled back."""
    asked = select(_CHANGES.set_digest).where(
        _CHANGES.system_id == system_id, _CHANGES.state == ChangeState.ROLLED_BACK.value
    )
    return frozenset(work.read(asked).scalars())


def add_freeze(work: Work, freeze: Freeze) -> None:
    """Keep a new freeze."""
    work.write(insert(freezes_table).values(**asdict(freeze), salt=salt()))


def lift_freeze(work: Work, freeze_id: str, at: datetime) -> Freeze:
    """End a freeze before its time."""
    table = freezes_table
    written = work.write(
        update(table)
        .where(table.c.id == freeze_id, table.c.lifted_at.is_(None), table.c.ends_at > at)
        .values(lifted_at=at)
    )
    if written.count != 1:
        raise NotFoundError(
            "no such freeze stands", subject=freeze_id, remedy="See `muniment registry freezes`."
        )
    return _freeze(written.rows[0])


def freezes(work: Work, at: datetime) -> tuple[Freeze, ...]:
    """List the freezes that stand or are to come."""
    table = freezes_table
    asked = select(table).where(table.c.ends_at > at, table.c.lifted_at.is_(None))
    return tuple(_freeze(row) for row in work.read(asked.order_by(table.c.starts_at, table.c.id)))


def _moving(change: Change) -> dict[str, Any]:
    return {
        "state": change.state.value,
        "findings": [asdict(each) for each in change.findings],
        "request_id": change.request_id,
        "review_id": change.review_id,
        "reached": [asdict(each) for each in change.reached],
        "updated_at": change.updated_at,
        "revision": change.revision,
        "salt": salt(),
    }


def _change(row: Row[Any]) -> Change:
    return Change(
        id=row.id,
        system_id=row.system_id,
        title=row.title,
        reason=row.reason,
        author=row.author,
        sort=ChangeSort(row.sort),
        set_digest=row.set_digest,
        base=row.base,
        state=ChangeState(row.state),
        made_at=row.made_at,
        updated_at=row.updated_at,
        origin=Origin(row.ticket, row.commit_id, row.pull_request),
        findings=tuple(Finding(**each) for each in row.findings),
        request_id=row.request_id,
        review_id=row.review_id,
        reached=tuple(Step(**each) for each in row.reached),
        revision=row.revision,
    )


def _freeze(row: Row[Any]) -> Freeze:
    return Freeze(
        id=row.id,
        system_id=row.system_id,
        environment=row.environment,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        reason=row.reason,
        author=row.author,
        lifted_at=row.lifted_at,
    )
