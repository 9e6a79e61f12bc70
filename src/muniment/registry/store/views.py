"""Saved views of lists: one's own and those that are shared."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, insert, or_, select

from muniment.core.errors import NotFoundError
from muniment.db import Work
from muniment.registry.models import View
from muniment.registry.store.seen_tables import views_table
from muniment.registry.store.systems import salt

_ROWS = views_table.c


def add(work: Work, view: View) -> None:
    """Keep a view."""
    row = {
        "id": view.id,
        "place": view.place,
        "name": view.name,
        "query": dict(view.query),
        "owner": view.owner,
        "shared": view.shared,
        "made_at": view.made_at,
        "salt": salt(),
    }
    work.write(insert(views_table).values(row))


def get(work: Work, view_id: str) -> View:
    """Find a view."""
    row = work.read(select(views_table).where(_ROWS.id == view_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no view {view_id[:60]}", subject=view_id[:60])
    return _view(row)


def remove(work: Work, view_id: str) -> None:
    """Remove a view."""
    work.write(delete(views_table).where(_ROWS.id == view_id))


def seen_by(work: Work, person: str, place: str = "") -> tuple[View, ...]:
    """List the views that somebody sees: their own, and those that are shared."""
    asked = select(views_table).where(or_(_ROWS.owner == person, _ROWS.shared.is_(True)))
    if place:
        asked = asked.where(_ROWS.place == place)
    return tuple(_view(row) for row in work.read(asked.order_by(_ROWS.place, _ROWS.name, _ROWS.id)))


def _view(row: Row[Any]) -> View:
    return View(row.id, row.place, row.name, row.query, row.owner, row.shared, row.made_at)
