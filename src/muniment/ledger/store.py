"""The tables of the log: what waits to be sealed, what is sealed, and the head.

`ledger_pending` holds batches of entries exactly as they will stand in the log (each with its
16-bit length before it); they become durable with the transaction that made the change. Rows are
never updated; one may be removed once the signed head covers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    insert,
    update,
)

from muniment.db import UtcTime, Work, append_only, exempt_table

_BIG = BigInteger().with_variant(Integer, "sqlite")

pending_table = exempt_table(
    "ledger_pending",
    Column("id", _BIG, primary_key=True, autoincrement=True),
    Column("producer", String(60), nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
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

append_only(pending_table)


def advance(work: Work, producer: str, count: int) -> tuple[int, datetime]:
    """Take the next places in a producer's sequence; give the first, and the last time seen."""
    table = producers_table
    work.insert_if_absent(table, {"name": producer, "last_seq": 0, "last_at": work.now})
    row = work.write(
        update(table)
        .where(table.c.name == producer)
        .values(last_seq=table.c.last_seq + count)
        .returning(table.c.last_seq, table.c.last_at)
    ).rows[0]
    return row.last_seq - count + 1, row.last_at


def add_pending(
    work: Work, producer: str, first_seq: int, entries: Sequence[bytes], at: datetime
) -> None:
    """Write entries down; they are durable when this work commits."""
    data = b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)
    row = {"producer": producer, "first_seq": first_seq, "count": len(entries), "entries": data}
    work.write(insert(pending_table).values(row))
    work.write(update(producers_table).where(producers_table.c.name == producer).values(last_at=at))
