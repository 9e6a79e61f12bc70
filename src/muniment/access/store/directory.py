"""What a directory told us of people and teams, beside what we keep of them ourselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from muniment.access.models import Entry
from muniment.access.store.signin_tables import directory_table as directory
from muniment.db import Work


def entry(work: Work, entry_id: str) -> Entry | None:
    """Find what a directory told of a person or team."""
    row = work.read(select(directory).where(directory.c.id == entry_id)).one_or_none()
    return None if row is None else _entry(row)


def entries(work: Work, resource: str) -> Mapping[str, Entry]:
    """Give everything a directory told of people, or of teams, by id."""
    rows = work.read(select(directory).where(directory.c.resource == resource))
    return {row.id: _entry(row) for row in rows}


def set_entry(work: Work, fresh: Entry) -> None:
    """Keep what a directory tells now."""
    values = {
        "external_id": fresh.external_id,
        "user_name": fresh.user_name,
        "extra": dict(fresh.extra),
        "changed_at": work.now,
    }
    changed = work.write(
        update(directory)
        .where(directory.c.id == fresh.id)
        .values(version=directory.c.version + 1, **values)
    )
    if not changed.count:
        salt = work.new_id("slt")
        row = {"id": fresh.id, "resource": fresh.resource, "version": 1, "salt": salt, **values}
        work.write(insert(directory).values(row))


def remove_entry(work: Work, entry_id: str) -> None:
    """Forget what a directory told."""
    work.write(delete(directory).where(directory.c.id == entry_id))


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.id, row.resource, row.external_id, row.user_name, row.extra, row.changed_at)
