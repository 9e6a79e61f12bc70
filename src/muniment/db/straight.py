"""A short way to the database for the few statements that are repeated all day.

On the ordinary way a statement that takes the database thirty microseconds takes another two
hundred to get there: transaction objects, events, look-ups of what was compiled, rows made into
objects. Here statements are prepared, and the driver gets them as they are. The one connection that
writes to SQLite is always the same, so it is asked for once; whose turn it is has it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy.exc import DBAPIError

from muniment.core.errors import MunimentError
from muniment.db.prepared import Repeated, driver_told
from muniment.db.telling import told
from muniment.db.waiting import require_may_wait

if TYPE_CHECKING:
    from muniment.db.engine import Database


class Straight:
    """One transaction on the short way: all of it or nothing."""

    __slots__ = ("_connection", "_cursor", "_database", "_dialect")

    def __init__(self, database: Database) -> None:
        self._database = database
        self._dialect = database.writer.dialect
        self._connection: Any = None
        self._cursor: Any = None

    def write(self, change: Repeated, given: Mapping[str, Any]) -> None:
        """Change something."""
        prepared = change.prepared(self._dialect)
        self._cursor.execute(prepared.sql, prepared.values(given))

    def write_one(self, change: Repeated, given: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Change a row that there is once at most; give what the change returns of it."""
        self.write(change, given)
        found: tuple[Any, ...] | None = self._cursor.fetchone()
        return found

    def __enter__(self) -> Self:
        """Begin, when it is our turn."""
        require_may_wait()
        turn = self._database.turn
        if turn is not None:
            turn.enter()
        try:
            self._begin()
        except BaseException as error:
            self._undo(error)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Make it durable, or undo it."""
        if error is not None:
            self._undo(error)
            return
        try:
            self._connection.commit()
        except BaseException as failed:
            self._undo(failed)
            raise
        self._leave()
        self._database.wrote_straight()

    def _begin(self) -> None:
        database = self._database
        if self._dialect.name != "sqlite":
            with told(self._dialect.name):
                self._connection = database.writer.raw_connection()
            self._cursor = self._connection.cursor()  # this driver begins by itself
            return
        if database.kept is None:
            with told(self._dialect.name):
                pooled = database.writer.raw_connection()
            database.kept = pooled.driver_connection
            pooled.close()
        self._connection = database.kept
        self._cursor = self._connection.cursor()
        self._cursor.execute("BEGIN IMMEDIATE")

    def _undo(self, error: BaseException) -> None:
        """Roll back, and give an error of the driver the words that it has on the ordinary way."""
        connection, self._database.kept = self._connection, None
        if connection is not None:
            with suppress(Exception):  # what went wrong first is what is told
                connection.rollback()
        pooled = getattr(connection, "driver_connection", connection)
        try:
            with told(self._dialect.name), driver_told(self._dialect, pooled):
                if isinstance(error, self._dialect.dbapi.Error):  # type: ignore[union-attr]
                    raise error
        except MunimentError as known:
            cause = known.__cause__
            if isinstance(cause, DBAPIError) and cause.connection_invalidated:
                self._invalidate(error)
            raise
        finally:
            self._leave()

    def _invalidate(self, error: BaseException) -> None:
        if self._dialect.name != "sqlite":
            self._connection.invalidate(error)

    def _leave(self) -> None:
        if self._connection is not None and self._dialect.name != "sqlite":
            self._connection.close()
        if self._database.turn is not None:
            self._database.turn.hand_on()
