"""The index over entries: it answers questions, proves nothing, and can be rebuilt at any time.

On SQLite it lives in a file of its own, so that it never slows the commit of a record; on
PostgreSQL in a table beside the others. A check compares it with the tiles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    URL,
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
)
from sqlalchemy import (
    Index as SqlIndex,
)

from muniment.core.actor import system_actor
from muniment.core.clock import stamp
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Database, exempt_table
from muniment.ledger.models import Entry

INDEX_FILE: Final = "ledger_index.db"
_ACTOR: Final = system_actor("indexer")


def _columns() -> list[Any]:
    return [
        Column(
            "idx",
            BigInteger().with_variant(Integer, "sqlite"),
            primary_key=True,
            autoincrement=False,
        ),
        Column("id", String(80), nullable=False),
        Column("kind", String(100), nullable=False),
        Column("at", String(27), nullable=False),
        Column("actor", String(120), nullable=False),
        Column("subject", String(200), nullable=False),
        Column("producer", String(60), nullable=False),
        Column("seq", BigInteger, nullable=False),
        Column("text", Text, nullable=False),
    ]


def _indexes(table: str) -> list[SqlIndex]:
    names = ("kind", "actor", "subject")
    return [
        *(SqlIndex(f"ix_{table}_{name}_idx", name, "idx") for name in names),
        SqlIndex(f"ix_{table}_at", "at"),
        SqlIndex(f"ix_{table}_id", "id"),
    ]


entries_table = exempt_table(
    "ledger_entries",
    *_columns(),
    *_indexes("ledger_entries"),
    reason="an index over the log, rebuilt from its tiles by one command",
)
_own_metadata = MetaData()
own_table = Table("ledger_entries", _own_metadata, *_columns(), *_indexes("ledger_entries"))


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for; what is not said does not matter."""

    kind: str = ""
    subject: str = ""
    actor: str = ""
    text: str = ""
    id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    from_index: int | None = None
    to_index: int | None = None
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One line of a list of entries."""

    index: int
    id: str
    kind: str
    at: str
    actor: str
    subject: str
    producer: str
    seq: int


class Index:
    """The index of one installation."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._engine = None
        self.table = entries_table
        if database.dialect == "sqlite":
            self.table = own_table
            self._engine = create_engine(
                URL.create("sqlite+pysqlite", database=str(folder / INDEX_FILE)),
                connect_args={"check_same_thread": False, "timeout": 30},
            )
            event.listen(self._engine, "connect", _prepare)
            _own_metadata.create_all(self._engine)

    def next_index(self) -> int:
        """Say which entry is to be indexed next."""
        with self._reading() as connection:
            last = connection.execute(select(func.max(self.table.c.idx))).scalar()
        return 0 if last is None else int(last) + 1

    def count(self) -> int:
        """Count the entries it knows."""
        with self._reading() as connection:
            return int(
                connection.execute(select(func.count()).select_from(self.table)).scalar_one()
            )

    def add(self, entries: Sequence[Entry]) -> None:
        """Take entries in, in order."""
        rows = [_row(entry) for entry in entries]
        if not rows:
            return
        if self._engine is not None:
            with self._engine.begin() as connection:
                connection.execute(insert(own_table), rows)
            return
        with self._database.work(_ACTOR) as work:
            work.write(insert(entries_table), rows)

    def clear(self) -> None:
        """Forget everything, to be filled again from the tiles."""
        if self._engine is not None:
            with self._engine.begin() as connection:
                connection.execute(delete(own_table))
            return
        with self._database.work(_ACTOR) as work:
            work.write(delete(entries_table))

    def find(self, query: Query, *, cursor: str | None, limit: int) -> Page[IndexRow]:
        """Look for entries, newest first unless asked otherwise."""
        table = self.table
        order = table.c.idx if query.oldest_first else table.c.idx.desc()
        asked = _where(select(table), table, query).order_by(order)
        if cursor is not None:
            (after,) = read_cursor(cursor, 1)
            place = int(after)
            asked = asked.where(table.c.idx > place if query.oldest_first else table.c.idx < place)
        with self._reading() as connection:
            rows = connection.execute(asked.limit(require_limit(limit) + 1)).all()
        found = tuple(
            IndexRow(
                row.idx, row.id, row.kind, row.at, row.actor, row.subject, row.producer, row.seq
            )
            for row in rows[:limit]
        )
        more = write_cursor([found[-1].index]) if len(rows) > limit else None
        return Page(found, more)

    def rows(self, first: int, limit: int) -> list[tuple[int, str, str]]:
        """Read (index, id, kind) for the check against the tiles."""
        table = self.table
        asked = (
            select(table.c.idx, table.c.id, table.c.kind)
            .where(table.c.idx >= first)
            .order_by(table.c.idx)
            .limit(limit)
        )
        with self._reading() as connection:
            return [(row.idx, row.id, row.kind) for row in connection.execute(asked)]

    def kinds(self) -> list[tuple[str, int]]:
        """Count entries by kind, for the filter."""
        table = self.table
        asked = select(table.c.kind, func.count()).group_by(table.c.kind).order_by(table.c.kind)
        with self._reading() as connection:
            return [(str(row[0]), int(row[1])) for row in connection.execute(asked)]

    def close(self) -> None:
        """Give the file back."""
        if self._engine is not None:
            self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._engine is not None:
            with self._engine.connect() as connection:
                yield connection
            return
        with self._database.look(_ACTOR) as work:
            yield work.connection


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 the driver's connection
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _row(entry: Entry) -> dict[str, Any]:
    subject = entry.subject
    return {
        "idx": entry.index,
        "id": entry.id,
        "kind": entry.kind,
        "at": stamp(entry.at),
        "actor": f"{entry.actor['kind']}:{entry.actor['id']}"[:120],
        "subject": f"{subject['kind']}:{subject['id']}"[:200] if subject else "",
        "producer": str(entry.value["producer"]),
        "seq": int(entry.value["seq"]),
        "text": entry.body_text,
    }


def _where(asked: Select[Any], table: Table, query: Query) -> Select[Any]:
    columns = table.c
    if query.kind:
        room = query.kind.removesuffix("*")
        asked = asked.where(
            columns.kind.startswith(room, autoescape=True)
            if query.kind.endswith("*")
            else columns.kind == query.kind
        )
    for name in ("actor", "subject"):
        if wanted := getattr(query, name):
            column = columns[name]
            asked = asked.where(
                column == wanted if ":" in wanted else column.endswith(":" + wanted)
            )
    if query.id:
        asked = asked.where(columns.id == query.id)
    if query.text:
        asked = asked.where(columns.text.icontains(query.text, autoescape=True))
    return _between(asked, table, query)


def _between(asked: Select[Any], table: Table, query: Query) -> Select[Any]:
    if query.since is not None:
        asked = asked.where(table.c.at >= stamp(query.since))
    if query.until is not None:
        asked = asked.where(table.c.at < stamp(query.until))
    if query.from_index is not None:
        asked = asked.where(table.c.idx >= query.from_index)
    if query.to_index is not None:
        asked = asked.where(table.c.idx <= query.to_index)
    return asked
