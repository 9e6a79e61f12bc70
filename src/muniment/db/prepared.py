"""Changes that are put into the words of a database once and then handed to its driver.

Only changes of tables that need no record can be prepared, so there is nothing to note of them;
everything else is refused here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, Insert
from sqlalchemy.exc import DBAPIError

from muniment.db.many import Many
from muniment.db.plain import Dml, UnrecordedChangeError, refuse_hidden, require_plain
from muniment.db.tables import exempt_reason


class Repeated:
    """A change that is made again and again; `names` are the values it takes each time.

    It is given as what makes the statement for a database of a name. Values that are `stored` come
    as the database keeps them, a time as its text, and are handed on as they are.
    """

    def __init__(
        self, make: Callable[[str], Dml], names: Sequence[str] = (), *, stored: bool = False
    ) -> None:
        self._make = make
        self._names = tuple(names)
        self._stored = stored
        self._known: dict[str, Prepared] = {}

    def prepared(self, dialect: Dialect) -> Prepared:
        """Give it in the words of a database."""
        known = self._known.get(dialect.name)
        if known is None:
            statement = self._make(dialect.name)
            known = Prepared(statement, dialect, self._names, stored=self._stored)
            self._known[dialect.name] = known
        return known


class Prepared:
    """One change in the words of one database."""

    __slots__ = ("_binds", "_is_named", "_many", "_names", "_order", "sql", "table", "values")

    def __init__(
        self, statement: Dml, dialect: Dialect, names: Sequence[str], *, stored: bool = False
    ) -> None:
        table = require_plain(statement, dict.fromkeys(names))
        if not exempt_reason(table):
            raise UnrecordedChangeError(f"{table.name} changes with a record only; use Work.write")
        compiled = statement.compile(dialect=dialect, column_keys=list(names) or None)
        refuse_hidden(compiled)
        order = getattr(compiled, "positiontup", None)
        self.table = table.name
        self.sql = str(compiled)
        self._is_named = order is None
        self._binds = tuple(
            (name, compiled.binds[name].type.bind_processor(dialect))
            for name in (compiled.binds if order is None else order)
        )
        self._order = tuple(name for name, _ in self._binds)
        self._names = tuple(names)
        self.values: Callable[[Mapping[str, Any]], Any] = self._values
        if stored:
            self.values = self._kept if self._is_named else _picking(self._order)
        adds = isinstance(statement, Insert) and dialect.name == "sqlite" and order
        self._many = Many(self.sql, len(self._order)) if adds else None

    def write_all(self, cursor: Any, rows: Sequence[Mapping[str, Any]]) -> int:  # noqa: ANN401 the driver's own
        """Make the change with each row; give how many rows it changed."""
        return self._write(cursor, list(map(self.values, rows)))

    def write_rows(self, cursor: Any, rows: Sequence[Sequence[Any]]) -> int:  # noqa: ANN401 the driver's own
        """Do the same with values that are stored, in the order of the names it was given."""
        if not self._is_named and self._order == self._names:
            return self._write(cursor, rows)
        return self.write_all(cursor, [dict(zip(self._names, row, strict=True)) for row in rows])

    def _write(self, cursor: Any, values: Sequence[Any]) -> int:  # noqa: ANN401 the driver's own
        if self._many is not None:
            return self._many.add(cursor, values)
        cursor.executemany(self.sql, values)
        return int(cursor.rowcount)

    def _kept(self, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 what the driver takes
        return {name: given[name] for name in self._order}

    def _values(self, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 what the driver takes
        """Put values in the order, or under the names, in which the driver takes them."""
        if self._is_named:
            return {
                name: given[name] if process is None else process(given[name])
                for name, process in self._binds
            }
        return [
            given[name] if process is None else process(given[name])
            for name, process in self._binds
        ]


def _picking(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Any]:
    """Give what puts values in an order, at the pace of C where there are several."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: tuple(given[name] for name in names)


@contextmanager
def driver_told(dialect: Dialect, connection: Any) -> Iterator[None]:  # noqa: ANN401 the driver's own
    """Let an error of the driver's own connection be the one that it is on the ordinary way."""
    driver: Any = dialect.dbapi
    try:
        yield
    except driver.Error as error:
        lost = dialect.is_disconnect(error, connection, None)
        raise DBAPIError.instance(
            None, None, error, driver.Error, connection_invalidated=lost, dialect=dialect
        ) from error
