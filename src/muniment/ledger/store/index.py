"""The index over entries: it answers questions, proves nothing, and can be rebuilt at any time.

On SQLite it lives in a file of its own (`portions.py`), so that it never slows the commit of a
record; on PostgreSQL in a table beside the others. A check compares it with the tiles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    Select,
    String,
    Table,
    Text,
    delete,
    func,
    select,
    union_all,
)
from sqlalchemy import Index as SqlIndex
from sqlalchemy.engine import Row

from muniment.core.actor import system_actor
from muniment.core.canonical import canonical_text
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Database, Repeated, exempt_table, insert_on
from muniment.ledger.models import Entry
from muniment.ledger.store.listing import KIND_LETTERS, Listed, row_of, searchable
from muniment.ledger.store.portions import Portions, Wanted
from muniment.verify import MAX_SIZE

INDEX_FILE: Final = "ledger_index.db"
_ACTOR: Final = system_actor("indexer")
_SHOWN: Final = 8  # of a row
_QUOTED: Final = 2  # as long as the marks around it


def _columns() -> list[Any]:
    return [
        Column(
            "idx",
            BigInteger().with_variant(Integer, "sqlite"),
            primary_key=True,
            autoincrement=False,
        ),
        Column("id", String(80), nullable=False),
        Column("kind", String(KIND_LETTERS), nullable=False),
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
_ADDING: Final = Repeated(
    lambda dialect: insert_on(dialect, entries_table).on_conflict_do_nothing(),
    entries_table.columns.keys(),
)


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

    def __init__(self, database: Database, folder: Path, bundle: Callable[[int], bytes]) -> None:
        self._database = database
        self.table = entries_table
        self.portions: Portions | None = None
        if database.dialect == "sqlite":
            self.portions = Portions(folder / INDEX_FILE, bundle)

    def next_index(self) -> int:
        """Say which entry is to be indexed next."""
        if self.portions is not None:
            return self.portions.next_index()
        last = self._read(select(func.max(self.table.c.idx)))[0][0]
        return 0 if last is None else int(last) + 1

    def count(self) -> int:
        """Count the entries it knows."""
        return self.count_of(Query())

    def count_of(self, query: Query) -> int:
        """Count the entries that somebody looks for."""
        if self.portions is not None:
            return self.portions.count(self._wanted(query, None))
        asked = select(func.count()).select_from(self.table)
        return int(self._read(_where(asked, self.table, query, self._kinds_of(query)))[0][0])

    def add(self, entries: Sequence[Entry]) -> None:
        """Take entries in, in order; one it knows already stays as it is."""
        self.add_rows([row_of(entry) for entry in entries])

    def add_rows(self, rows: Sequence[Listed]) -> None:
        """Take rows of entries in; one it knows already stays as it is."""
        if not rows:
            return
        if self.portions is not None:
            self.portions.add(rows)
            return
        names = entries_table.columns.keys()
        with self._database.work(_ACTOR) as work:
            work.write_all(_ADDING, [dict(zip(names, row, strict=True)) for row in rows])

    def clear(self) -> None:
        """Forget everything, to be filled again from the tiles."""
        if self.portions is not None:
            self.portions.clear()
            return
        with self._database.work(_ACTOR) as work:
            work.write(delete(entries_table))

    def find(self, query: Query, *, cursor: str | None, limit: int) -> Page[IndexRow]:
        """Look for entries, newest first unless asked otherwise."""
        rows: Sequence[Any]
        if self.portions is not None:
            most = require_limit(limit) + 1
            rows = self.portions.find(self._wanted(query, _after(cursor)), most)
        else:
            rows = self._read(self.asking(query, cursor=cursor, limit=limit))
        found = tuple(IndexRow(*row[:_SHOWN]) for row in rows[:limit])
        more = write_cursor([found[-1].index]) if len(rows) > limit else None
        return Page(found, more)

    def asking(self, query: Query, *, cursor: str | None, limit: int) -> Select[Any]:
        """Write a question; one for kinds that begin alike asks for each of them by itself.

        Each kind is read in order from its own place in the index and no further than the page,
        whether the kinds are frequent or rare.
        """
        most = require_limit(limit) + 1
        place = _after(cursor)
        arms = [
            self._arm(query, kinds, place).limit(most)
            for kinds in _one_by_one(self._kinds_of(query))
        ]
        if len(arms) == 1:
            return arms[0]
        together = union_all(*(select(each.subquery()) for each in arms)).subquery()
        idx = together.c.idx
        asked = select(together).order_by(idx if query.oldest_first else idx.desc())
        return asked.limit(most)

    def _arm(self, query: Query, kinds: Sequence[str] | None, place: int | None) -> Select[Any]:
        columns = [each for each in self.table.c if each.name != "text"]
        idx = self.table.c.idx
        asked = _where(select(*columns), self.table, query, kinds)
        if place is not None:
            asked = asked.where(idx > place if query.oldest_first else idx < place)
        return asked.order_by(idx if query.oldest_first else idx.desc())

    def _kinds_of(self, query: Query) -> list[str] | None:
        """Name the kinds that a question is about; None: any."""
        kind = searchable(query.kind)
        if not kind.endswith("*"):
            return [kind] if kind else None
        prefix = kind.removesuffix("*")
        return [each for each in self._present() if each.startswith(prefix)] if prefix else None

    def _wanted(self, query: Query, place: int | None) -> Wanted:
        low = 0 if query.from_index is None else _place(query.from_index)
        high = MAX_SIZE if query.to_index is None else _place(query.to_index)
        if place is not None:
            low = max(low, place + 1) if query.oldest_first else low
            high = high if query.oldest_first else min(high, place - 1)
        return Wanted(
            kind=self._kinds_of(query),
            actor=self._named("actor", query.actor),
            subject=self._named("subject", query.subject),
            id=searchable(query.id),
            words=_written(query.text) if query.text else "",
            since="" if query.since is None else stamp(query.since),
            until="" if query.until is None else stamp(query.until),
            low=max(low, 0),
            high=high,
            oldest_first=query.oldest_first,
        )

    def _named(self, name: str, given: str) -> list[str] | None:
        wanted = searchable(given)
        if not wanted or self.portions is None:
            return None
        return [wanted] if ":" in wanted else self.portions.ending(name, f":{wanted}")

    def _present(self) -> list[str]:
        """List the kinds there are, leaping in the index from one to the next."""
        if self.portions is not None:
            return self.portions.present()
        kind = self.table.c.kind
        found = select(func.min(kind).label("kind")).cte("present", recursive=True)
        after = select(func.min(kind)).where(kind > found.c.kind).scalar_subquery()
        found = found.union_all(select(after).where(found.c.kind.is_not(None)))
        asked = select(found.c.kind).where(found.c.kind.is_not(None))
        return [row.kind for row in self._read(asked)]

    def rows(self, first: int, limit: int) -> list[tuple[int, str, str]]:
        """Read (index, id, kind) for the check against the tiles."""
        if self.portions is not None:
            return self.portions.rows(first, limit)
        table = self.table
        asked = (
            select(table.c.idx, table.c.id, table.c.kind)
            .where(table.c.idx >= first)
            .order_by(table.c.idx)
            .limit(limit)
        )
        return [(row.idx, row.id, row.kind) for row in self._read(asked)]

    def bodies(self, kind: str, since: datetime, limit: int) -> list[str]:
        """Read the bodies of the newest entries of a kind."""
        if self.portions is not None:
            found = self.portions.find(Wanted(kind=[kind], since=stamp(since)), limit)
            return self.portions.texts(found)
        columns = self.table.c
        asked = (
            select(columns.text)
            .where(columns.kind == kind, columns.at >= stamp(since))
            .order_by(columns.idx.desc())
            .limit(limit)
        )
        return [row.text for row in self._read(asked)]

    def kinds(self) -> list[tuple[str, int]]:
        """Count entries by kind, for the filter."""
        if self.portions is not None:
            return self.portions.kinds()
        table = self.table
        how_many = func.count().label("how_many")
        asked = select(table.c.kind, how_many).group_by(table.c.kind).order_by(table.c.kind)
        return [(row.kind, row.how_many) for row in self._read(asked)]

    def close(self) -> None:
        """Give the file back."""
        if self.portions is not None:
            self.portions.close()

    def _read(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with self._database.look(_ACTOR) as work:
            return work.read(query).all()


def _written(text: str) -> str:
    """Give a text as it stands in a body; in quotation marks it is a whole word or name of it."""
    whole = len(text) > _QUOTED and text[0] == text[-1] == '"'
    return canonical_text(text[1:-1]) if whole else canonical_text(text)[1:-1]


def _one_by_one(kinds: Sequence[str] | None) -> list[Sequence[str] | None]:
    """Ask for each kind by itself; where there is none, once for none of them."""
    return [[each] for each in kinds] if kinds else [kinds]


def _after(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    (after,) = read_cursor(cursor, 1)
    if not isinstance(after, int):
        raise InvalidError(
            "this cursor is not one of ours",
            field="cursor",
            remedy="Use next_cursor of the page before, or leave it out to begin.",
        )
    return after


def _where(
    asked: Select[Any], table: Table, query: Query, kinds: Sequence[str] | None
) -> Select[Any]:
    columns = table.c
    if kinds is not None:
        asked = asked.where(
            columns.kind == kinds[0] if len(kinds) == 1 else columns.kind.in_(kinds)
        )
    for name in ("actor", "subject"):
        if wanted := searchable(getattr(query, name)):
            column = columns[name]
            asked = asked.where(
                column == wanted
                if ":" in wanted
                else column.endswith(":" + wanted, autoescape=True)
            )
    if query.id:
        asked = asked.where(columns.id == searchable(query.id))
    if query.text:  # as it stands in the body, which is JSON: a quotation mark behind a stroke
        written = _written(query.text)
        asked = asked.where(columns.text.icontains(written, autoescape=True))
    return _between(asked, table, query)


def _between(asked: Select[Any], table: Table, query: Query) -> Select[Any]:
    if query.since is not None:
        asked = asked.where(table.c.at >= stamp(query.since))
    if query.until is not None:
        asked = asked.where(table.c.at < stamp(query.until))
    if query.from_index is not None:
        asked = asked.where(table.c.idx >= _place(query.from_index))
    if query.to_index is not None:
        asked = asked.where(table.c.idx <= _place(query.to_index))
    return asked


def _place(index: int) -> int:
    return max(-1, min(index, MAX_SIZE))  # a number no database could hold asks for nothing less
