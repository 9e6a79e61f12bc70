"""Erasures as rows, from the request to the destruction."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, insert, select, update

from muniment.db import Work
from muniment.vault.models import Shred, ShredState
from muniment.vault.store.tables import shreds_table as shreds


def add_shred(work: Work, asked: Shred) -> None:
    """Put a request down."""
    row = asdict(asked) | {"state": asked.state.value, "kids": list(asked.kids)}
    work.write(insert(shreds).values(row))


def shred(work: Work, shred_id: str, *, hold: bool = False) -> Shred | None:
    """Read an erasure; `hold` keeps others waiting for it."""
    query = select(shreds).where(shreds.c.id == shred_id)
    row = work.read(query.with_for_update() if hold else query).one_or_none()
    return _shred(row) if row else None


def save_shred(work: Work, changed: Shred) -> None:
    """Write an erasure's next state."""
    values = asdict(changed) | {"state": changed.state.value, "kids": list(changed.kids)}
    del values["id"]
    work.write(update(shreds).where(shreds.c.id == changed.id).values(values))


def newest_shreds(work: Work, limit: int) -> tuple[Shred, ...]:
    """List erasures, the newest first."""
    query = select(shreds).order_by(shreds.c.asked_at.desc(), shreds.c.id.desc()).limit(limit)
    return tuple(_shred(row) for row in work.read(query).all())


def _shred(row: Row[Any]) -> Shred:
    return Shred(
        row.id,
        row.subject,
        row.classification,
        ShredState(row.state),
        row.digest,
        row.asked_by,
        row.asked_at,
        row.request,
        row.approval,
        row.destruction,
        row.destroyed_at,
        tuple(row.kids),
    )
