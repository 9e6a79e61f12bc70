"""Reads every recorded row as evidence: its table, its key, the digest of its state."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from muniment.db.tables import exempt_reason, metadata
from muniment.db.work import Work, row_digest, row_key


def row_states(work: Work) -> Iterator[tuple[str, str, str]]:
    """Give (table, key, digest) of every row the wall watches, as this work sees them."""
    for table in metadata.sorted_tables:
        if exempt_reason(table):
            continue
        for row in work.read(select(table)):
            yield table.name, row_key(table, row), row_digest(table, row)
