"""The one schema, and which tables the wall watches.

A recorded table changes only together with a ledger record that covers it. An exempt table may
change alone, and says why. Cascades are refused: a child removed by the database itself would
leave no record.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKeyConstraint, MetaData, Table
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_EXEMPT_REASON = "exempt"


def recorded_table(name: str, *items: SchemaItem, into: MetaData = metadata) -> Table:
    """Declare a table whose every change needs a covering record."""
    return _checked(Table(name, into, *items))


def exempt_table(name: str, *items: SchemaItem, reason: str, into: MetaData = metadata) -> Table:
    """Declare a table that may change without a record, for a stated reason."""
    return _checked(Table(name, into, *items, info={_EXEMPT_REASON: reason}))


def exempt_reason(table: Table) -> str | None:
    """Say why a table needs no record, or nothing if it does."""
    reason: Any = table.info.get(_EXEMPT_REASON)
    return reason if isinstance(reason, str) else None


def exempt_tables() -> dict[str, str]:
    """List the tables that may change alone, each with its reason."""
    reasons = {table.name: exempt_reason(table) for table in metadata.sorted_tables}
    return {name: reason for name, reason in reasons.items() if reason}


def _checked(table: Table) -> Table:
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint) and (
            constraint.ondelete or constraint.onupdate
        ):
            raise TypeError(f"{table.name}: a cascade would change rows without a record")
    if not table.primary_key.columns:
        raise TypeError(f"{table.name}: a table without a primary key cannot be reconciled")
    return table
