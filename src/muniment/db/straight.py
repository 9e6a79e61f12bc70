"""A short way to the database for the few statements that are repeated all day.

On the ordinary way a statement that takes the database thirty microseconds takes another two
hundred to get there: transaction objects, events, look-ups of what was compiled, rows made into
objects. Here a statement is put into the words of the database once, from the same construct, and
handed to the driver as it is. Only changes of tables that need no record can go this way, so there
is nothing to note and nothing for the wall to see; everything else is refused when it is prepared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final

from sqlalchemy import Dialect, Engine
from sqlalchemy.exc import DBAPIError

from muniment.db.tables import exempt_reason
from muniment.db.work import Dml, UnrecordedChangeError, require_plain

_SAME: Final[Callable[[Any], Any]] = lambda value: value  # noqa: E731 it stands beside processors


class Prepared:
    """One change in the words of one database, made once."""

    __slots__ = ("_binds", "_named", "sql")

    def __init__(self, statement: Dml, dialect: Dialect, names: tuple[str, ...] = ()) -> None:
        table = require_plain(statement, None)
        if not exempt_reason(table):
            raise UnrecordedChangeError(f"{table.name} changes with a record only; use Work.write")
        compiled = statement.compile(dialect=dialect, column_keys=list(names) or None)
        self.sql = str(compiled)
        order = tuple(getattr(compiled, "positiontup", None) or ())
        self._named = not order
        self._binds = tuple(
            (name, compiled.binds[name].type.bind_processor(dialect) or _SAME)
            for name in order or compiled.binds
        )

    def values(self, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 what the driver takes
        """Put values in the order, or under the names, in which the driver takes them."""
        if self._named:
            return {name: process(given[name]) for name, process in self._binds}
        return [process(given[name]) for name, process in self._binds]


class Straight:
    """One transaction on the short way."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: Any) -> None:  # noqa: ANN401 the driver's own
        self._cursor = cursor

    def write(self, prepared: Prepared, given: Mapping[str, Any]) -> None:
        """Change something."""
        self._cursor.execute(prepared.sql, prepared.values(given))

    def write_one(self, prepared: Prepared, given: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Change a row that there is once at most; give what the change returns of it."""
        self._cursor.execute(prepared.sql, prepared.values(given))
        found: tuple[Any, ...] | None = self._cursor.fetchone()
        return found


@contextmanager
def straight_through(engine: Engine) -> Iterator[Straight]:
    """Do something in one transaction on the short way: all of it or nothing."""
    driver: Any = engine.dialect.dbapi
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        if engine.dialect.name == "sqlite":  # the other one's driver begins by itself
            cursor.execute("BEGIN IMMEDIATE")
        yield Straight(cursor)
        connection.commit()
    except BaseException as error:
        with suppress(driver.Error):
            connection.rollback()
        if not isinstance(error, driver.Error):
            raise
        lost = engine.dialect.is_disconnect(error, connection.driver_connection, None)  # type: ignore[arg-type]  # the driver's own
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            None, None, error, driver.Error, connection_invalidated=lost, dialect=engine.dialect
        ) from error
    finally:
        connection.close()
