"""Gives batches their places in the log, reads what stands there, and forgets what was kept enough.

Sealed batches stay in the database for a day or longer, so nothing here may look through them all.
Each producer's batches commit in the order of their numbers, for its row is held from the taking
of a number to the commit. So who remembers up to which number all have their place need only look
at what comes after it.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import bindparam, delete, exists, func, insert, select

from muniment.core.errors import ConflictError
from muniment.db import Repeated, Work
from muniment.ledger.store.tables import (
    Batch,
    head_table,
    pending_table,
    producers_table,
    sequenced_table,
)

_MAX_ENTRIES_AT_ONCE: Final = 16_384
_USUAL_ENTRIES_AT_ONCE: Final = 2_048
_PORTIONS: Final = 2
_MAX_BATCHES_AT_ONCE: Final = 4_096
_PRUNED_AT_ONCE: Final = 10_000

Placed = dict[str, int]
"""Up to which of its numbers all of a producer's entries have their place in the log."""

# Built once: making a statement costs more than running it.
_BATCH: Final = pending_table.c
_PLACE: Final = sequenced_table.c
_HAS_PLACE: Final = exists().where(_PLACE.batch_id == _BATCH.id)
_EPOCH: Final = select(head_table.c.epoch).with_for_update()
SIZE: Final = select(head_table.c.size)
_PRODUCERS: Final = select(producers_table.c.name, producers_table.c.last_seq)
_WAITS: Final = (
    _BATCH.producer == bindparam("of"),
    _BATCH.first_seq > bindparam("after"),
    ~_HAS_PLACE,
)
_HOW_MANY_WAIT: Final = select(
    func.min(_BATCH.first_seq).label("first_seq"), func.sum(_BATCH.entry_count).label("entries")
).where(*_WAITS)
_UNDER_WAY: Final = select(func.sum(_PLACE.entry_count)).where(
    _PLACE.first_index >= bindparam("size")
)
_WAITING: Final = (
    select(_BATCH.id, _BATCH.producer, _BATCH.first_seq, _BATCH.entry_count)
    .where(*_WAITS)
    .order_by(_BATCH.first_seq)
    .limit(bindparam("most"))
)
_LAST_PLACED: Final = (
    select(_PLACE.first_index, _PLACE.entry_count).order_by(_PLACE.first_index.desc()).limit(1)
)
_PLACING: Final = Repeated(
    lambda _dialect: insert(sequenced_table), ("batch_id", "first_index", "entry_count", "epoch")
)
_PLACES: Final = (
    select(_PLACE.first_index, _PLACE.entry_count)
    .where(_PLACE.first_index >= bindparam("size"))
    .order_by(_PLACE.first_index)
    .limit(bindparam("most"))
)
_STANDING: Final = (
    select(_PLACE.batch_id, _PLACE.first_index, _PLACE.entry_count, _BATCH.entries)
    .join(pending_table, _BATCH.id == _PLACE.batch_id)
    .where(_PLACE.first_index >= bindparam("size"), _PLACE.first_index < bindparam("end"))
    .order_by(_PLACE.first_index)
)


def placed(work: Work) -> Placed:
    """Find out, by looking through all batches once, up to where each producer's are placed."""
    known: Placed = {}
    _count_waiting(work, known)
    return known


def unsealed_count(work: Work, known: Placed | None = None) -> int:
    """Count entries that are durable but not yet under the signed head; `known` learns of it."""
    size = int(work.read(SIZE).scalar() or 0)
    under_way = int(work.read(_UNDER_WAY, {"size": size}).scalar() or 0)
    return under_way + _count_waiting(work, {} if known is None else known)


def _count_waiting(work: Work, known: Placed) -> int:
    """Count the entries that wait for their place; note up to where each producer's have it."""
    count = 0
    for row in work.read(_PRODUCERS).all():
        after = _looked_through(row.name, row.last_seq, known)
        if row.last_seq > after:
            found = work.read(_HOW_MANY_WAIT, {"of": row.name, "after": after}).one()
            count += int(found.entries or 0)
            known[row.name] = int(row.last_seq if found.entries is None else found.first_seq - 1)
    return count


def assign(work: Work, epoch: int, sequencer: str, known: Placed | None = None) -> int:
    """Give every waiting batch its place after the last one; give how many got one.

    The very first place of a log belongs to its sequencer, whose entry says what log this is.
    `known` says what need not be looked at again, and learns of these when they are durable.
    """
    _require_epoch(work, epoch)
    index = max(int(work.read(SIZE).scalar_one()), placed_until(work))
    first = sequencer if index == 0 else ""
    waiting = _waiting(work, known or {}, most=_MAX_BATCHES_AT_ONCE)
    taken = sorted(waiting, key=lambda row: (row.producer != first, row.id))[:_MAX_BATCHES_AT_ONCE]
    places: list[dict[str, int]] = []
    for row in taken:
        count = row.entry_count
        places.append(
            {"batch_id": row.id, "first_index": index, "entry_count": count, "epoch": epoch}
        )
        index += count
    if places:
        work.write_all(_PLACING, places)
    if known is not None:
        now = _placed_with(waiting, {row.id for row in taken})
        work.after_commit(lambda: known.update(now))
    return len(places)


def has_waiting(work: Work, other_than: str, known: Placed | None = None) -> bool:
    """Tell whether a producer other than this one has something waiting for its place."""
    return bool(_waiting(work, known or {}, most=1, other_than=other_than))


def _waiting(work: Work, known: Placed, *, most: int, other_than: str = "") -> list[Any]:
    """Read what waits for its place, of each producer in the order of its numbers."""
    found: list[Any] = []
    for row in work.read(_PRODUCERS).all():
        after = _looked_through(row.name, row.last_seq, known)
        if row.last_seq > after and row.name != other_than:
            found += work.read(_WAITING, {"of": row.name, "after": after, "most": most}).all()
    return found


def _looked_through(producer: str, last_seq: int, known: Placed) -> int:
    """Give what is known of a producer; nothing, if it is of a database that was restored since."""
    after = known.get(producer, 0)
    return after if after <= last_seq else 0


def _placed_with(waiting: list[Any], taken: set[int]) -> Placed:
    """Say how far each producer has come once these are placed: up to the first that is not."""
    reached: Placed = {}
    stopped: set[str] = set()
    for row in waiting:
        if row.id not in taken:
            stopped.add(row.producer)
        elif row.producer not in stopped:
            reached[row.producer] = int(row.first_seq) + int(row.entry_count) - 1
    return reached


def assigned_from(work: Work, size: int) -> tuple[Batch, ...]:
    """Read the batches that stand at and after a size, as many as are sealed at once.

    Their bytes are held several times while they are sealed, so it is no more than is usual, unless
    so much waits that it would take many turns.
    """
    places = work.read(_PLACES, {"size": size, "most": _MAX_BATCHES_AT_ONCE}).all()
    waiting = sum([place.entry_count for place in places])
    most = min(_MAX_ENTRIES_AT_ONCE, max(_USUAL_ENTRIES_AT_ONCE, waiting // _PORTIONS))
    end, total = size, 0
    for place in places:
        total += place.entry_count
        if end > size and total > most:
            break
        end = place.first_index + 1
    rows = work.read(_STANDING, {"size": size, "end": end})
    return tuple(
        Batch(row.batch_id, row.first_index, row.entry_count, bytes(row.entries)) for row in rows
    )


def is_full(count: int) -> bool:
    """Tell whether so many batches are as many as get their places at once: there may be more."""
    return count >= _MAX_BATCHES_AT_ONCE


def placed_until(work: Work) -> int:
    """Say where the last batch ends that has its place."""
    last = work.read(_LAST_PLACED).one_or_none()
    return last.first_index + last.entry_count if last else 0


def prune_sealed(work: Work, size: int) -> int:
    """Forget some batches that lie under the head up to a size; the tiles keep them.

    INVARIANT: the newest batch stays, or SQLite would give its number to another one, which then
    would seem to have its place already.
    """
    newest = select(func.max(_BATCH.id)).scalar_subquery()
    old = (
        select(_PLACE.batch_id, _PLACE.first_index)
        .join(pending_table, _BATCH.id == _PLACE.batch_id)
        .where(_PLACE.first_index + _PLACE.entry_count <= size, _PLACE.batch_id < newest)
        .order_by(_PLACE.first_index)
        .limit(_PRUNED_AT_ONCE)
    ).subquery()
    last = work.read(select(func.max(old.c.first_index))).scalar()
    if last is None:
        return 0
    gone = work.write(delete(pending_table).where(_BATCH.id.in_(select(old.c.batch_id)))).count
    is_kept = exists().where(_BATCH.id == _PLACE.batch_id)
    ends = _PLACE.first_index + _PLACE.entry_count
    # No further than what was forgotten: the rest of a long table is nobody's concern here.
    work.write(delete(sequenced_table).where(_PLACE.first_index <= last, ends < size, ~is_kept))
    return gone


def _require_epoch(work: Work, epoch: int) -> None:
    now = work.read(_EPOCH).scalar_one()
    if now != epoch:
        raise ConflictError(f"a newer sequencer (epoch {now}) has taken over from {epoch}")
