"""Bringing a restored database to where its log is: what is not under the head, places, numbers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from muniment.db import Work
from muniment.ledger.store.tables import pending_table, producers_table, sequenced_table


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A batch that is not under the head: whose, which numbers, and its place if it has one."""

    id: int
    producer: str
    first_seq: int
    count: int
    entries: bytes
    first_index: int | None


def unsealed(work: Work, size: int) -> tuple[Unsealed, ...]:
    """Read every batch that the head of this size does not cover, with all there is to know."""
    batch, place = pending_table.c, sequenced_table.c
    joined = pending_table.outerjoin(sequenced_table, place.batch_id == batch.id)
    query = (
        select(
            batch.id,
            batch.producer,
            batch.first_seq,
            batch.entry_count,
            batch.entries,
            place.first_index,
        )
        .select_from(joined)
        .where(place.first_index.is_(None) | (place.first_index >= size))
        .order_by(batch.id)
    )
    return tuple(
        Unsealed(
            row.id,
            row.producer,
            row.first_seq,
            row.entry_count,
            bytes(row.entries),
            row.first_index,
        )
        for row in work.read(query).all()
    )


def set_place(work: Work, batch_id: int, index: int, count: int, epoch: int) -> None:
    """Give a batch the place that it has in the log already."""
    row = {"batch_id": batch_id, "first_index": index, "entry_count": count, "epoch": epoch}
    work.write(insert(sequenced_table).values(row))


def catch_up(work: Work, producer: str, last: int) -> None:
    """Let a producer go on after the last number that the log knows of it."""
    table = producers_table
    work.insert_if_absent(table, {"name": producer, "last_seq": 0, "last_at": work.now})
    behind = (table.c.name == producer) & (table.c.last_seq < last)
    work.write(update(table).where(behind).values(last_seq=last))
