"""The tables of the log: what waits to be sealed, the order it was given, and the signed head.

`ledger_pending` holds batches of entries exactly as they will stand in the log (each behind its
16-bit length); they are durable with the transaction that made the change. `ledger_sequenced`
gives each batch its place, once and for ever. `ledger_head` only grows, by compare-and-swap, and
only in the hands of whoever holds the newest epoch.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    case,
    exists,
    insert,
    select,
    update,
)

from muniment.core.errors import ConflictError
from muniment.db import UtcTime, Work, append_only, exempt_table, recorded_table

_BIG: Final = BigInteger().with_variant(Integer, "sqlite")
_ONLY: Final = 1

pending_table = exempt_table(
    "ledger_pending",
    Column("id", _BIG, primary_key=True, autoincrement=True),
    Column("producer", String(60), nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("entry_count", Integer, nullable=False),
    Column("entries", LargeBinary, nullable=False),
    UniqueConstraint("producer", "first_seq"),
    reason="it is the record itself",
)

producers_table = exempt_table(
    "ledger_producers",
    Column("name", String(60), primary_key=True),
    Column("last_seq", BigInteger, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    reason="each producer's place in its own sequence; a gap shows in the entries themselves",
)

sequenced_table = exempt_table(
    "ledger_sequenced",
    Column("batch_id", BigInteger, primary_key=True, autoincrement=False),
    Column("first_index", BigInteger, nullable=False, unique=True),
    Column("entry_count", Integer, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    reason="the order of the log, which the signed tree fixes",
)

head_table = exempt_table(
    "ledger_head",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("installation", String(40), nullable=False),
    Column("origin", String(200), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("root", String(64), nullable=False),
    Column("checkpoint", Text, nullable=False),
    Column("signed_at", UtcTime, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="only_one"),
    reason="the signed head, which anyone can check against the tiles",
)

keys_table = recorded_table(
    "ledger_keys",
    Column("vkey", String(400), primary_key=True),
    Column("key_id", String(100), nullable=False),
    Column("state", String(10), nullable=False),
    Column("since", UtcTime, nullable=False),
    CheckConstraint("state IN ('current', 'retired', 'lost')", name="state"),
)

SEALED: Final = (
    "EXISTS (SELECT 1 FROM ledger_sequenced s, ledger_head h"
    " WHERE s.batch_id = OLD.id AND s.first_index + s.entry_count <= h.size)"
)
UNNEEDED: Final = "NOT EXISTS (SELECT 1 FROM ledger_pending p WHERE p.id = OLD.batch_id)"
FORWARD: Final = (
    "NEW.origin = OLD.origin AND NEW.installation = OLD.installation AND NEW.epoch >= OLD.epoch"
    " AND (NEW.size > OLD.size OR (NEW.size = OLD.size AND NEW.root = OLD.root))"
)
append_only(pending_table, delete_when=SEALED)
append_only(sequenced_table, delete_when=UNNEEDED)
append_only(head_table, update_when=FORWARD)

# Built once: making a statement costs more than running it.
ADD_PENDING: Final = insert(pending_table)
_NOW: Final = bindparam("now", type_=UtcTime())
_LAST_AT: Final = producers_table.c.last_at
ADVANCE: Final = (
    update(producers_table)
    .where(producers_table.c.name == bindparam("producer"))
    .values(
        last_seq=producers_table.c.last_seq + bindparam("count", type_=BigInteger()),
        last_at=case((_LAST_AT < _NOW, _NOW), else_=_LAST_AT),
    )
    .returning(producers_table.c.last_seq, _LAST_AT)
)
_HEAD: Final = select(head_table)
_HEAD_HELD: Final = _HEAD.with_for_update()
_ADVANCE_HEAD: Final = update(head_table).where(
    head_table.c.size == bindparam("of_size"), head_table.c.epoch == bindparam("of_epoch")
)
_KEYS: Final = select(keys_table).order_by(keys_table.c.state, keys_table.c.since.desc())


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries in the order they were given, and where the first of them stands."""

    id: int
    first_index: int
    count: int
    entries: bytes


@dataclass(frozen=True, slots=True)
class HeadRow:
    """The signed head as the database holds it."""

    installation: str
    origin: str
    size: int
    root: bytes
    checkpoint: str
    signed_at: datetime
    epoch: int


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key of the log and whether it still signs."""

    vkey: str
    key_id: str
    state: str


def advance(work: Work, producer: str, count: int) -> tuple[int, bool]:
    """Take the next places in a producer's sequence; give the first, and if its clock ran back."""
    taken = {"producer": producer, "count": count, "now": work.now}
    rows = work.write(ADVANCE, taken).rows
    if not rows:
        work.insert_if_absent(
            producers_table, {"name": producer, "last_seq": 0, "last_at": work.now}
        )
        rows = work.write(ADVANCE, taken).rows
    # INVARIANT: the clock is read while we hold the producer's row. Whoever began earlier and only
    # comes here later finds a later time in the row, though no clock ran back.
    return rows[0].last_seq - count + 1, work.clock.now() < rows[0].last_at


def last_seq(work: Work, producer: str) -> int:
    """Say how far a producer has come, holding its place until this work ends."""
    table = producers_table
    query = select(table.c.last_seq).where(table.c.name == producer).with_for_update()
    return int(work.read(query).scalar() or 0)


def add_pending(work: Work, producer: str, first_seq: int, count: int, entries: bytes) -> None:
    """Write entries down; they are durable when this work commits."""
    row = {"producer": producer, "first_seq": first_seq, "entry_count": count, "entries": entries}
    work.write(ADD_PENDING, row)


def head(work: Work, *, hold: bool = False) -> HeadRow | None:
    """Read the signed head; nothing before the log began. `hold` keeps others waiting for it."""
    row = work.read(_HEAD_HELD if hold else _HEAD).one_or_none()
    if row is None:
        return None
    return HeadRow(
        row.installation,
        row.origin,
        row.size,
        bytes.fromhex(row.root),
        row.checkpoint,
        row.signed_at,
        row.epoch,
    )


def begin_head(work: Work, installation: str, origin: str, empty_root: bytes) -> bool:
    """Put the head of an empty log down; tell whether it was us."""
    return work.insert_if_absent(
        head_table,
        {
            "id": _ONLY,
            "installation": installation,
            "origin": origin,
            "size": 0,
            "root": empty_root.hex(),
            "checkpoint": "",
            "signed_at": work.now,
            "epoch": 0,
        },
    )


def take_epoch(work: Work) -> int:
    """Become the newest sequencer; every older one can no longer write."""
    moved = update(head_table).values(epoch=head_table.c.epoch + 1).returning(head_table.c.epoch)
    return int(work.write(moved).rows[0].epoch)


def pending_batches(work: Work, size: int) -> tuple[bytes, ...]:
    """Read every batch not yet under the head of this size, placed ones first, in order."""
    table = sequenced_table
    placed = work.read(_placed().where(table.c.first_index >= size)).all()
    waiting = work.read(
        select(pending_table.c.entries)
        .where(~exists().where(table.c.batch_id == pending_table.c.id))
        .order_by(pending_table.c.id)
    ).all()
    return tuple(bytes(row.entries) for row in (*placed, *waiting))


def advance_head(work: Work, old_size: int, new: HeadRow) -> None:
    """Move the head forward by compare-and-swap; whoever is too late learns it here."""
    values = {
        "of_size": old_size,
        "of_epoch": new.epoch,
        "size": new.size,
        "root": new.root.hex(),
        "checkpoint": new.checkpoint,
        "signed_at": new.signed_at,
    }
    moved = work.write(_ADVANCE_HEAD, values)
    if moved.count != 1:
        raise ConflictError("another sequencer has moved the head", subject=new.origin)


def add_key(work: Work, vkey: str, key_id: str) -> None:
    """Remember a key that now signs."""
    row = {"vkey": vkey, "key_id": key_id, "state": "current", "since": work.now}
    work.write(insert(keys_table).values(row))


def end_current_key(work: Work, state: str) -> None:
    """Let the key that signs now sign no more."""
    table = keys_table
    work.write(update(table).where(table.c.state == "current").values(state=state))


def current_keys(work: Work) -> tuple[KeyRow, ...]:
    """List the keys of the log, the signing one first."""
    rows = work.read(_KEYS).all()
    return tuple(KeyRow(row.vkey, row.key_id, row.state) for row in rows)


def _placed() -> Any:  # noqa: ANN401 a select of these columns
    return (
        select(
            sequenced_table.c.batch_id,
            sequenced_table.c.first_index,
            sequenced_table.c.entry_count,
            pending_table.c.entries,
        )
        .join(pending_table, pending_table.c.id == sequenced_table.c.batch_id)
        .order_by(sequenced_table.c.first_index)
    )
