"""A short way to the database for the few statements that are repeated all day.

On the ordinary way a statement that takes the database thirty microseconds takes another two
hundred to get there: transaction objects, events, look-ups of what was compiled, rows made into
objects. Here statements are prepared, and the driver gets them as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Dialect, Engine
from sqlalchemy.exc import DBAPIError

from muniment.db.prepared import Repeated, driver_told


class Straight:
    """One transaction on the short way."""

    __slots__ = ("_cursor", "_dialect")

    def __init__(self, cursor: Any, dialect: Dialect) -> None:  # noqa: ANN401 the driver's own
        self._cursor = cursor
        self._dialect = dialect

    def write(self, change: Repeated, given: Mapping[str, Any]) -> None:
        """Change something."""
        prepared = change.prepared(self._dialect)
        self._cursor.execute(prepared.sql, prepared.values(given))

    def write_one(self, change: Repeated, given: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Change a row that there is once at most; give what the change returns of it."""
        self.write(change, given)
        found: tuple[Any, ...] | None = self._cursor.fetchone()
        return found


@contextmanager
def straight_through(engine: Engine) -> Iterator[Straight]:
    """Do something in one transaction on the short way: all of it or nothing."""
    connection = engine.raw_connection()
    try:
        with driver_told(engine.dialect, connection.driver_connection):
            cursor = connection.cursor()
            if engine.dialect.name == "sqlite":  # the other one's driver begins by itself
                cursor.execute("BEGIN IMMEDIATE")
            yield Straight(cursor, engine.dialect)
            connection.commit()
    except BaseException as error:
        with suppress(Exception):  # what went wrong first is what is told
            connection.rollback()
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            connection.invalidate(error)
        raise
    finally:
        connection.close()
