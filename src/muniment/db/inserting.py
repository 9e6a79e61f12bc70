"""Inserts that say what becomes of a row that is there already, in the words of each database.

What speaks to PostgreSQL loads slowly, and only where it is spoken to.
"""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite


def insert_on(dialect: str, table: Table) -> sqlite.Insert:
    """Begin an insert that can say `on_conflict`; both databases' are alike in that."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 it loads slowly

    return cast("sqlite.Insert", postgresql.insert(table))
