"""A change and an addition that are one statement: both are made, or neither is.

A transaction of several statements gives the interpreter's lock away at every step of each, and
behind a busy thread has to wait for it every time. For SQLite the two are a trigger of a view that
only the writing connection has, and what is put into the view is put through them. PostgreSQL
takes them as one statement as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Dialect,
    Table,
    Update,
    column,
    insert,
    null,
    select,
    table,
)
from sqlalchemy import bindparam as bind
from sqlalchemy import literal_column as literally

from muniment.db.plain import Dml, UnrecordedChangeError, refuse_hidden, require_plain
from muniment.db.tables import exempt_reason

OTHERWISE: Final = "what a joint change expected is not so"
Named = Callable[[str], ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Words:
    """A joint change in the words of one database; on SQLite, what it needs on the connection."""

    sql: str
    needs: tuple[str, ...] = ()


class Joint:
    """A row of one table that is changed if it is as expected, and then a row of another.

    `takes` names the values, in their order, each with a column of its type. `change` is made from
    what gives a value by its name, and holds no value of its own; the new row has the values that
    are named as columns of `into`.
    """

    def __init__(
        self,
        name: str,
        takes: Mapping[str, Column[Any]],
        change: Callable[[Named], Update],
        into: Table,
    ) -> None:
        self._view = f"joint_{name}"
        self.without: Final = f"DROP VIEW IF EXISTS temp.{self._view}"
        self._takes = dict(takes)
        self._change = change
        self._into = into
        self._columns = [each for each in takes if each in into.columns]
        self._known: dict[str, Words] = {}

    def words(self, dialect: Dialect) -> Words:
        """Give it in the words of a database."""
        known = self._known.get(dialect.name)
        if known is None:
            make = self._as_trigger if dialect.name == "sqlite" else self._as_one
            known = self._known[dialect.name] = make(dialect)
        return known

    def _as_trigger(self, dialect: Dialect) -> Words:
        def new(name: str) -> ColumnElement[Any]:
            return literally(f"NEW.{name}", self._takes[name].type)

        add = insert(self._into).values({name: new(name) for name in self._columns}).inline()
        change = _sound(self._change(new), dialect)
        view = self._view
        put = insert(table(view, *[column(name) for name in self._takes]))
        begin = f"CREATE TEMP TRIGGER {view}_given INSTEAD OF INSERT ON {view} BEGIN {change}"
        expect = f"SELECT RAISE(ABORT, '{OTHERWISE}') WHERE changes() <> 1"
        return Words(
            str(put.compile(dialect=dialect)),
            (
                self.without,
                f"CREATE TEMP VIEW {view} AS {select(*[null().label(n) for n in self._takes])}",
                f"{begin}; {expect}; {_sound(add, dialect)}; END",
            ),
        )

    def _as_one(self, dialect: Dialect) -> Words:
        def new(name: str) -> ColumnElement[Any]:
            return bind(name, type_=self._takes[name].type)

        change = self._change(new)
        _sound(change, dialect)
        changed = change.returning(null()).cte("changed")
        given = select(*[new(name).label(name) for name in self._columns]).select_from(changed)
        add = insert(self._into)
        _sound(add, dialect)
        both = add.from_select(self._columns, given).inline()
        return Words(str(both.compile(dialect=dialect)))


def _sound(statement: Dml, dialect: Dialect) -> str:
    """Write a statement; refuse what needs a record, or holds another that writes."""
    changed = require_plain(statement, None)
    if not exempt_reason(changed):
        raise UnrecordedChangeError(f"{changed.name} changes with a record only; use Work.write")
    compiled = statement.compile(dialect=dialect)
    refuse_hidden(compiled)
    return str(compiled)
