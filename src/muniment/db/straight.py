"""A short way to the database for the few statements that are repeated all day.

On the ordinary way a statement that takes the database thirty microseconds takes another two
hundred to get there: transaction objects, events, look-ups of what was compiled, rows made into
objects. Here statements are prepared, and the driver gets them as they are. The one connection that
writes to SQLite is always the same, so it is asked for once; whose turn it is has it alone. Quicker
still is a transaction that is one statement (`write_joint`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy.exc import DBAPIError

from muniment.core.errors import MunimentError
from muniment.db.joint import OTHERWISE, Joint
from muniment.db.prepared import Repeated, driver_told
from muniment.db.telling import told
from muniment.db.waiting import require_may_wait

if TYPE_CHECKING:
    from muniment.db.engine import Database


@dataclass(slots=True)
class Kept:
    """The driver's own connection that writes to SQLite, and the joint changes it knows."""

    connection: Any
    knows: dict[Joint, str] = field(default_factory=dict)

    def clear(self) -> None:
        """Take down what joint changes needed here."""
        for joint in self.knows:
            self.connection.execute(joint.without).close()
        self.knows.clear()


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

    def write_joint(self, joint: Joint, given: Mapping[str, Any]) -> bool:
        """Do a joint change as a whole transaction, if all is as it expects; tell whether it is.

        The values come as the database keeps them, in the order in which they are taken.
        """
        database = self._database
        self._enter()
        try:
            kept = database.kept
            sql = None if kept is None else kept.knows.get(joint)
            if kept is None or sql is None:
                was_done = self._do_first(joint, given)
            else:
                self._connection = kept.connection
                was_done = _do(kept.connection, sql, given)
        except BaseException as error:
            self._undo(error)
            raise
        self._leave()
        if was_done:
            database.wrote_straight()
        return was_done

    def __enter__(self) -> Self:
        """Begin, when it is our turn."""
        self._enter()
        try:
            self._connect()
            self._cursor = self._connection.cursor()  # PostgreSQL's driver begins by itself
            if self._dialect.name == "sqlite":
                self._cursor.execute("BEGIN IMMEDIATE")
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

    def _enter(self) -> None:
        require_may_wait()
        turn = self._database.turn
        if turn is not None:
            turn.enter()

    def _connect(self) -> None:
        database = self._database
        kept = database.kept
        if kept is not None:
            self._connection = kept.connection
            return
        with told(self._dialect.name):
            connection = database.writer.raw_connection()
        if self._dialect.name != "sqlite":
            self._connection = connection
            return
        self._connection = connection.driver_connection
        database.kept = Kept(self._connection)
        connection.close()

    def _do_first(self, joint: Joint, given: Mapping[str, Any]) -> bool:
        """Do a joint change that the connection does not know yet; on PostgreSQL, any."""
        self._connect()
        words, kept = joint.words(self._dialect), self._database.kept
        if kept is None:
            return self._do_on_postgres(words.sql, given)
        for statement in words.needs:
            kept.connection.execute(statement).close()
        kept.knows[joint] = words.sql
        return _do(kept.connection, words.sql, given)

    def _do_on_postgres(self, sql: str, given: Mapping[str, Any]) -> bool:
        driver = self._connection.driver_connection
        driver.autocommit = True
        try:
            return bool(driver.execute(sql, given).rowcount)
        finally:
            if not driver.closed:
                driver.autocommit = False

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


def _do(connection: Any, sql: str, given: Mapping[str, Any]) -> bool:  # noqa: ANN401 the driver's own
    """Do a joint change on SQLite, if all is as it expects; tell whether it was."""
    try:
        connection.execute(sql, (*given.values(),))
    except sqlite3.IntegrityError as error:
        if str(error) != OTHERWISE:
            raise
        return False
    return True
