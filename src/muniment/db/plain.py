"""Changes in a form that can be noted: of one declared table, and never of a primary key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Delete, Insert, Select, Table, TextClause, Update
from sqlalchemy.engine import Compiled
from sqlalchemy.sql import visitors
from sqlalchemy.sql.selectable import CompoundSelect

Dml = Insert | Update | Delete
Parameters = Sequence[Mapping[str, Any]] | Mapping[str, Any] | None
_CHANGES: Final = (Insert, Update, Delete, TextClause)


class UnrecordedChangeError(Exception):
    """A change was about to be committed without a record that covers it."""


def require_plain(statement: Dml, rows: Parameters) -> Table:
    """Give the table that a statement changes, if it does so in a way that can be noted."""
    table = statement.table
    if not isinstance(table, Table):
        raise UnrecordedChangeError("only a declared table can be changed")
    if statement._prefixes:  # noqa: SLF001 no public way to ask
        raise UnrecordedChangeError(
            "INSERT OR … and UPDATE OR … may remove other rows unseen; use on_conflict"
        )
    keys = {name for column in table.primary_key.columns for name in (column.name, column.key)}
    if keys & _set_names(statement, rows):
        raise UnrecordedChangeError(f"{table.name}: a primary key never changes")
    return table


def _set_names(statement: Dml, rows: Parameters) -> set[str]:
    """Name the columns that a statement gives existing rows anew, also those in parameters."""
    named: set[Any] = set()
    if isinstance(statement, Update):
        many = [rows] if isinstance(rows, Mapping) else rows or ()
        named = {*(statement._values or ()), *(name for row in many for name in row)}  # noqa: SLF001 no public way to ask
    elif isinstance(statement, Insert):
        upsert = statement._post_values_clause  # noqa: SLF001 no public way to ask
        named = set(getattr(upsert, "update_values_to_set", None) or ())
    return {getattr(column, "key", column) for column in named}


def refuse_hidden(compiled: Compiled) -> None:
    """Refuse a statement in which another one that writes is hidden."""
    whole = compiled.statement
    inner = [part for part in visitors.iterate(whole) if isinstance(part, _CHANGES)]
    if inner and inner != [whole]:
        raise UnrecordedChangeError(past_write(whole))
    ctes = getattr(compiled, "ctes", None) or ()
    if any(not isinstance(each.element, (Select, CompoundSelect)) for each in ctes):
        raise UnrecordedChangeError("a WITH may only select; change one table at a time")


def past_write(statement: object) -> str:
    """Say that something tried to change the database unseen."""
    return f"a {type(statement).__name__} reached the database past Work.write; use it"
