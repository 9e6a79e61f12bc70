"""Adds many rows by few statements.

SQLite's driver runs a statement once for each row, and lets other threads in between, two times a
row: a busy one takes the interpreter each time, and whose turn it is to write holds it meanwhile. A
statement of many rows costs less, but for rows of long texts, and lets all others run meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

_MOST_VALUES: Final = 900  # older releases of SQLite take no more than 999
_MOST_ROWS: Final = 64


class Many:
    """An insert of one row in SQLite's words, and the same of many."""

    __slots__ = ("_at_once", "_one", "_several")

    def __init__(self, sql: str, columns: int) -> None:
        self._one = sql
        row = f"({', '.join('?' * columns)})"
        before, found, behind = sql.partition(f" VALUES {row}")
        may = found and "?" not in before and "?" not in behind
        self._at_once = min(_MOST_ROWS, _MOST_VALUES // columns) if may else 1
        self._several = f"{before}{found}{f', {row}' * (self._at_once - 1)}{behind}"

    def add(self, cursor: Any, rows: Sequence[Sequence[Any]]) -> int:  # noqa: ANN401 the driver's
        """Add rows, each with its values in order; give how many were added."""
        added, at, step = 0, 0, self._at_once
        if step > 1:
            while at + step <= len(rows):
                cursor.execute(self._several, tuple(chain.from_iterable(rows[at : at + step])))
                added += cursor.rowcount
                at += step
        if at < len(rows):
            cursor.executemany(self._one, rows[at:])
            added += cursor.rowcount
        return added
