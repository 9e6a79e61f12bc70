"""A file beside the database for what can be rebuilt at any time, such as an index over the log.

It is apart so that filling it never slows the commit of a record, and is not part of any promise:
no wall, no migration; a table of another shape is made anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Delete, Insert, MetaData, Select, Table, create_engine, event, inspect
from sqlalchemy.engine import Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.schema import SchemaItem

from muniment.core.errors import UnavailableError

_BUSY_SECONDS: Final = 30
_KEPT_KIB: Final = 1_000
# Rows of a kilobyte fill such pages better, and fewer are written; a file keeps what it has.
_PAGE_BYTES: Final = 16_384
_LOG_PAGES: Final = 500


def side_table(name: str, *items: SchemaItem, with_rowid: bool = True) -> Table:
    """Declare a table that lives in a file of its own."""
    return Table(name, MetaData(), *items, sqlite_with_rowid=with_rowid)


class SideFile:
    """A small SQLite file with a table, and what belongs to it, that can be rebuilt."""

    def __init__(self, path: Path, table: Table, *others: Table) -> None:
        self.table = table
        self._tables = (table, *others)
        self._engine = create_engine(
            URL.create("sqlite+pysqlite", database=str(path)),
            connect_args={"check_same_thread": False, "timeout": _BUSY_SECONDS},
        )
        self._name = path.name
        event.listen(self._engine, "connect", _prepare)
        try:
            with self._told():
                path.touch(mode=0o600)
                if self._make_tables():
                    self._give_room_back()
        except UnavailableError:
            self.close()
            raise

    def read(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """Ask it something."""
        with self._told(), self._engine.connect() as connection:
            return connection.execute(query).all()

    def write(
        self, statement: Insert | Delete, rows: Sequence[Mapping[str, Any]] | None = None
    ) -> None:
        """Change it, in a transaction of its own."""
        with self._told(), self._engine.begin() as connection:
            connection.execute(statement, rows)

    def ask(self, sql: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Ask it something in SQLite's own words."""
        with self._told(), closing(self._engine.raw_connection()) as connection:
            return list(connection.cursor().execute(sql, values or {}).fetchall())

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Cursor]:
        """Change it in SQLite's own words, in one transaction; nobody else writes meanwhile."""
        with self._told(), closing(self._engine.raw_connection()) as connection:
            cursor: Any = connection.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            yield cursor
            connection.commit()

    def close(self) -> None:
        """Give the file back."""
        self._engine.dispose()

    def _make_tables(self) -> bool:
        """Make what is not there; all of it anew, where any of it has another shape."""
        with self._engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # who looks and makes does so alone
            found = inspect(connection)
            there = {
                name: {each["name"] for each in found.get_columns(name)}
                for name in found.get_table_names()
            }
            asked = {each.name: set(each.columns.keys()) for each in self._tables}
            differs = bool(there) and there != asked
            for name in there if differs else ():
                Table(name, MetaData()).drop(connection)
            for table in self._tables:
                table.create(connection, checkfirst=True)
        return differs

    def _give_room_back(self) -> None:
        with suppress(sqlite3.Error), closing(self._engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, PoolTimeoutError, sqlite3.Error, OSError) as error:
            why = getattr(error, "orig", None) or error
            raise UnavailableError(
                f"the index {self._name} cannot be used: {why}; the log is sound",
                subject=self._name,
                remedy="Free space or mend its permissions; if it is damaged, remove this one file"
                " and run `muniment ledger reindex`.",
            ) from error


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 the driver's connection
    try:
        connection.execute(f"PRAGMA page_size={_PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(f"PRAGMA cache_size=-{_KEPT_KIB}")
    except sqlite3.Error:
        connection.close()  # the pool does not know it yet
        raise
