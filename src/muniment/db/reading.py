"""Reads every recorded row as evidence: its table, its key, the digest of its state.

Columns are read as they are stored, so that a value somebody damaged gives another digest instead
of an error: the row is then named, which is what this is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, MetaData, String, Table, Text, select, type_coerce

from muniment.core.canonical import parse_canonical
from muniment.core.errors import InvalidError
from muniment.db.tables import exempt_reason, metadata
from muniment.db.types import CanonicalJson, UtcTime
from muniment.db.work import Work, key_text, state_digest


def row_states(work: Work, of: MetaData = metadata) -> Iterator[tuple[str, str, str]]:
    """Give (table, key, digest) of every row the wall watches, as this work sees them."""
    for table in of.sorted_tables:
        if exempt_reason(table):
            continue
        columns = [_as_stored(column) for column in table.columns]
        for row in work.read(select(*columns)):
            state = dict(zip((each.name for each in table.columns), row, strict=True))
            yield table.name, _key(table, state), state_digest(table, _read_back(table, state))


def _as_stored(column: Column[Any]) -> Any:  # noqa: ANN401 a column expression
    if isinstance(column.type, UtcTime):
        return type_coerce(column, String).label(column.name)
    if isinstance(column.type, CanonicalJson):
        return type_coerce(column, Text).label(column.name)
    return column


def _key(table: Table, state: Mapping[str, Any]) -> str:
    return key_text(state[column.name] for column in table.primary_key.columns)


def _read_back(table: Table, state: Mapping[str, Any]) -> dict[str, Any]:
    """Turn stored JSON into its value where it still is JSON of ours."""
    read = dict(state)
    for column in table.columns:
        stored = state[column.name]
        if isinstance(column.type, CanonicalJson) and isinstance(stored, str):
            try:
                read[column.name] = parse_canonical(stored.encode("utf-8", "surrogatepass"))
            except InvalidError:
                read[column.name] = ["not canonical", stored]
    return read
