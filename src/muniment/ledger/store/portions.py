"""The index over entries in a file of its own, as SQLite answers from it.

It is filled once for every entry, so what it keeps of each is little: a row, and nothing else. Of
each bundle of 256 it keeps which kinds, actors and subjects are in it and how often, and between
which times and ids it lies: a question is answered from the bundles that may hold something, one
by one from the end where the list begins, and no further than the page. What entries say is read
from the log's own bundles, but for kinds of which a bundle has few: those keep it in their row.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Integer, String, Text

from muniment.db import Many, SideFile, side_table
from muniment.ledger.store.listing import KIND_LETTERS, OFTEN, Listed, body_of, says
from muniment.verify import MAX_SIZE, TILE_WIDTH, parse_bundle

_MOST_AT_ONCE: Final = 64
_COUNTED_AT_ONCE: Final = 1_024
_WIDTH: Final = TILE_WIDTH
_ALL: Final = -1  # SQLite's word for no limit
_TWO: Final = 2
_NAMED: Final = {"kind": 2, "actor": 4, "subject": 5}
"""What is known of every bundle, and its place in a row."""
_ID: Final = 1
_KIND: Final = 2
_AT: Final = 3

entries_table = side_table(
    "entries",
    Column("idx", Integer, primary_key=True, autoincrement=False),
    Column("id", String(80), nullable=False),
    Column("kind", String(KIND_LETTERS), nullable=False),
    Column("at", String(27), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("producer", String(60), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("text", Text),
)
portions_table = side_table(
    "portions",
    Column("portion", Integer, primary_key=True, autoincrement=False),
    Column("least_at", String(27), nullable=False),
    Column("greatest_at", String(27), nullable=False),
    Column("least_id", String(80), nullable=False),
    Column("greatest_id", String(80), nullable=False),
)
present_table = side_table(
    "present",
    Column("name", String(7), primary_key=True),
    Column("value", String(200), primary_key=True),
    Column("portion", Integer, primary_key=True, autoincrement=False),
    Column("many", Integer, nullable=False),
    Column("unsaid", Integer, nullable=False),
    with_rowid=False,
)

_LAST: Final = "SELECT max(idx) FROM entries"
_ADD: Final = Many("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", 9)
_CLEAR: Final = ("DELETE FROM entries", "DELETE FROM portions", "DELETE FROM present")
_ADD_PORTION: Final = """
INSERT INTO portions VALUES (?, ?, ?, ?, ?) ON CONFLICT (portion) DO UPDATE SET
  least_at = min(least_at, excluded.least_at),
  greatest_at = max(greatest_at, excluded.greatest_at),
  least_id = min(least_id, excluded.least_id),
  greatest_id = max(greatest_id, excluded.greatest_id)"""
_ADD_PRESENT: Final = """
INSERT INTO present VALUES (?, ?, ?, ?, ?) ON CONFLICT (name, value, portion) DO UPDATE SET
  many = many + excluded.many, unsaid = unsaid + excluded.unsaid"""
_VALUES: Final = "SELECT value, sum(many) FROM present WHERE name = :name GROUP BY value"
_KINDS: Final = """
WITH RECURSIVE found(value) AS (
  SELECT min(value) FROM present WHERE name = 'kind'
  UNION ALL
  SELECT (SELECT min(value) FROM present WHERE name = 'kind' AND value > found.value)
  FROM found WHERE found.value IS NOT NULL)
SELECT value FROM found WHERE value IS NOT NULL"""
_ENDING: Final = """
SELECT DISTINCT value FROM present
WHERE name = :name AND lower(substr(value, -length(:ending))) = lower(:ending)"""
_SINCE: Final = "SELECT min(portion) FROM portions WHERE greatest_at >= :since"
_UNTIL: Final = "SELECT max(portion) FROM portions WHERE least_at < :until"
_WITH_ID: Final = "SELECT portion FROM portions WHERE :id BETWEEN least_id AND greatest_id"

_AMONG: Final = """
SELECT p.portion FROM present p
WHERE p.name = :name AND p.value = :value AND p.portion BETWEEN :first AND :last
  AND (:kind IS NULL OR EXISTS (SELECT 1 FROM present q WHERE q.name = 'kind'
    AND q.value IN (SELECT value FROM json_each(:kind)) AND q.portion = p.portion))
  AND (:actor IS NULL OR EXISTS (SELECT 1 FROM present q WHERE q.name = 'actor'
    AND q.value IN (SELECT value FROM json_each(:actor)) AND q.portion = p.portion))
  AND (:subject IS NULL OR EXISTS (SELECT 1 FROM present q WHERE q.name = 'subject'
    AND q.value IN (SELECT value FROM json_each(:subject)) AND q.portion = p.portion))"""
_NEWEST_AMONG: Final = f"{_AMONG} ORDER BY p.portion DESC LIMIT :most"
_OLDEST_AMONG: Final = f"{_AMONG} ORDER BY p.portion LIMIT :most"

_OF: Final = """
FROM json_each(:portions) p CROSS JOIN entries e
  ON e.idx BETWEEN p.value * 256 AND p.value * 256 + 255
WHERE e.idx BETWEEN :low AND :high
  AND (:id IS NULL OR e.id = :id)
  AND (:kind IS NULL OR e.kind IN (SELECT value FROM json_each(:kind)))
  AND (:subject IS NULL OR e.subject IN (SELECT value FROM json_each(:subject)))
  AND (:actor IS NULL OR e.actor IN (SELECT value FROM json_each(:actor)))
  AND e.at >= :since AND e.at < :until"""
_SAYING: Final = """
  AND (:words IS NULL OR instr(lower(e.text), lower(:words)) > 0
    OR e.text IS NULL AND e.idx / 256 IN (SELECT value FROM json_each(:read)))"""
_COLUMNS: Final = "e.idx, e.id, e.kind, e.at, e.actor, e.subject, e.producer, e.seq, e.text"
_NEWEST: Final = f"SELECT {_COLUMNS} {_OF} {_SAYING} ORDER BY e.idx DESC LIMIT :most"
_OLDEST: Final = f"SELECT {_COLUMNS} {_OF} {_SAYING} ORDER BY e.idx LIMIT :most"
_COUNT: Final = f"SELECT count(*) {_OF}"
_UNREAD: Final = """
SELECT DISTINCT portion FROM present
WHERE name = 'kind' AND value IN (SELECT value FROM json_each(:kinds))
  AND portion BETWEEN :first AND :last AND unsaid > 0
  AND portion IN (SELECT value FROM json_each(:portions))"""
_COUNT_ALL: Final = "SELECT count(*) FROM entries"
_ROWS: Final = "SELECT idx, id, kind FROM entries WHERE idx >= :first ORDER BY idx LIMIT :most"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: any of these of a name, or all where none is said; times as text."""

    kind: Sequence[str] | None = None
    actor: Sequence[str] | None = None
    subject: Sequence[str] | None = None
    id: str = ""
    words: str = ""
    since: str = ""
    until: str = ""
    low: int = 0
    high: int = MAX_SIZE
    oldest_first: bool = False

    def named(self) -> list[tuple[str, Sequence[str]]]:
        """Give what of the names that are known of bundles is looked for."""
        said = (("kind", self.kind), ("subject", self.subject), ("actor", self.actor))
        return [(name, values) for name, values in said if values is not None]

    def is_of_names_only(self) -> bool:
        """Tell whether all that is said is of names."""
        return self == Wanted(self.kind, self.actor, self.subject, oldest_first=self.oldest_first)

    def asked(self) -> dict[str, Any]:
        """Give it as the statements take it."""
        return {
            **dict.fromkeys(_NAMED),
            **{name: json.dumps(list(values)) for name, values in self.named()},
            "id": self.id or None,
            "words": self.words or None,
            "since": self.since,
            "until": self.until or "~",
            "low": self.low,
            "high": self.high,
            "read": "[]",
        }


@dataclass(slots=True)
class _Adding:
    rows: list[Listed] = field(default_factory=list)
    portions: list[tuple[Any, ...]] = field(default_factory=list)
    present: list[tuple[Any, ...]] = field(default_factory=list)


class Portions:
    """The index of one installation in its own file; `bundle` reads the log's own."""

    def __init__(self, path: Path, bundle: Callable[[int], bytes]) -> None:
        self._file = SideFile(path, entries_table, portions_table, present_table)
        self._bundle = bundle
        self.close = self._file.close

    def next_index(self) -> int:
        """Say which entry is to be indexed next."""
        last = self._file.ask(_LAST)[0][0]
        return 0 if last is None else int(last) + 1

    def add(self, rows: Sequence[Listed]) -> None:
        """Take rows in, which are in order; what lies before the last that is known is known."""
        with self._file.changing() as cursor:
            last = cursor.execute(_LAST).fetchone()[0]
            new = rows if last is None or last < rows[0][0] else [r for r in rows if r[0] > last]
            adding = _Adding()
            for portion, some in groupby(new, _portion_of):
                _take(portion, list(some), adding)
            _ADD.add(cursor, adding.rows)
            cursor.executemany(_ADD_PORTION, adding.portions)
            cursor.executemany(_ADD_PRESENT, adding.present)

    def clear(self) -> None:
        """Forget everything."""
        with self._file.changing() as cursor:
            for statement in _CLEAR:
                cursor.execute(statement)

    def find(self, wanted: Wanted, most: int) -> list[Listed]:
        """Give so many rows, the newest first unless asked otherwise."""
        found: list[Listed] = []
        asked = wanted.asked()
        for portions in self._portions(wanted, asked, _MOST_AT_ONCE):
            found += self._rows(wanted, portions, asked, most - len(found))
            if len(found) >= most:
                break
        return found

    def count(self, wanted: Wanted) -> int:
        """Count what is looked for."""
        named = wanted.named()
        if wanted.is_of_names_only() and len(named) < _TWO:
            if not named:
                return int(self._file.ask(_COUNT_ALL)[0][0])
            (name, values), *_ = named
            many = self._many(name)
            return sum(many.get(value, 0) for value in set(values))
        asked, count = wanted.asked(), 0
        for portions in self._portions(wanted, asked, _COUNTED_AT_ONCE):
            if wanted.words:
                count += len(self._rows(wanted, portions, asked, _ALL))
            else:
                given = {**asked, "portions": json.dumps(portions)}
                count += int(self._file.ask(_COUNT, given)[0][0])
        return count

    def kinds(self) -> list[tuple[str, int]]:
        """Count entries by kind."""
        return sorted(self._many("kind").items())

    def present(self) -> list[str]:
        """List the kinds there are, leaping from one to the next."""
        return [str(row[0]) for row in self._file.ask(_KINDS)]

    def ending(self, name: str, end: str) -> list[str]:
        """List the actors or subjects that end so, whether letters are small or large."""
        return [str(row[0]) for row in self._file.ask(_ENDING, {"name": name, "ending": end})]

    def rows(self, first: int, limit: int) -> list[tuple[int, str, str]]:
        """Read (index, id, kind) from a place on."""
        found = self._file.ask(_ROWS, {"first": first, "most": limit})
        return [(row[0], row[1], row[2]) for row in found]

    def texts(self, rows: Sequence[Listed]) -> list[str]:
        """Read what the entries of rows say."""
        bundle = _Bundle(self._bundle)
        return [bundle.body(row[0]).decode() if row[-1] is None else row[-1] for row in rows]

    def _many(self, name: str) -> dict[str, int]:
        return {str(value): int(many) for value, many in self._file.ask(_VALUES, {"name": name})}

    def _rows(
        self, wanted: Wanted, portions: Sequence[int], asked: Mapping[str, Any], most: int
    ) -> list[Listed]:
        given = {**asked, "portions": json.dumps(portions), "most": most}
        sql = _OLDEST if wanted.oldest_first else _NEWEST
        if not wanted.words:
            return list(map(_listed, self._file.ask(sql, given)))
        words, bundle = wanted.words.encode().lower(), _Bundle(self._bundle)
        kinds = self.present() if wanted.kind is None else list(wanted.kind)
        span = {"first": min(portions), "last": max(portions)}
        unread = self._file.ask(_UNREAD, {**given, **span, "kinds": json.dumps(kinds)})
        given["read"] = json.dumps([each for (each,) in unread if bundle.may_say(each, words)])
        rows = map(_listed, self._file.ask(sql, {**given, "most": _ALL}))
        said = [row for row in rows if row[-1] is not None or says(bundle.body(row[0]), words)]
        return said if most == _ALL else said[:most]

    def _portions(
        self, wanted: Wanted, asked: Mapping[str, Any], at_once: int
    ) -> Iterator[list[int]]:
        """Give the bundles that may hold something, some at a time, from where the list begins."""
        first, last = wanted.low // _WIDTH, min(wanted.high, self.next_index() - 1) // _WIDTH
        if wanted.since:
            first = max(first, self._edge(_SINCE, asked, last + 1))
        if wanted.until:
            last = min(last, self._edge(_UNTIL, asked, first - 1))
        some = 1 if at_once == _MOST_AT_ONCE else at_once
        while first <= last:
            span = {**asked, "first": first, "last": last, "most": some}
            found = self._among(wanted, span)
            if not found:
                return
            yield found
            if wanted.oldest_first:
                first = found[-1] + 1
            else:
                last = found[-1] - 1
            some = min(2 * some, at_once)

    def _edge(self, sql: str, asked: Mapping[str, Any], otherwise: int) -> int:
        found = self._file.ask(sql, asked)[0][0]
        return otherwise if found is None else int(found)

    def _among(self, wanted: Wanted, span: Mapping[str, Any]) -> list[int]:
        """Give so many bundles of a stretch that may hold something, in the order of the list."""
        first, last, most = span["first"], span["last"], span["most"]
        if wanted.id:
            there = {at for (at,) in self._file.ask(_WITH_ID, span) if first <= at <= last}
        elif named := wanted.named():
            name, values = named[0]
            sql = _OLDEST_AMONG if wanted.oldest_first else _NEWEST_AMONG
            there = {
                row[0]
                for value in values
                for row in self._file.ask(sql, {**span, "name": name, "value": value})
            }
        elif wanted.oldest_first:
            return list(range(first, min(last + 1, first + most)))
        else:
            return list(range(last, max(first - 1, last - most), -1))
        return sorted(there, reverse=not wanted.oldest_first)[:most]


class _Bundle:
    """The bundle that was read last."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._number, self._data = -1, b""
        self._entries: Sequence[bytes] = ()

    def body(self, index: int) -> bytes:
        """Give what an entry says."""
        self._turn_to(index // _WIDTH)
        if not self._entries:
            self._entries = parse_bundle(self._data)
        return body_of(self._entries[index % _WIDTH])

    def may_say(self, number: int, words: bytes) -> bool:
        """Tell whether words stand anywhere in a bundle."""
        self._turn_to(number)
        return says(self._data, words)

    def _turn_to(self, number: int) -> None:
        if self._number != number:
            self._data, self._entries, self._number = self._read(number), (), number


def _take(portion: int, rows: Sequence[Listed], add: _Adding) -> None:
    """Add rows of one bundle, and what is known of the bundle by them."""
    columns = list(zip(*rows, strict=True))
    many = {name: Counter(columns[place]) for name, place in _NAMED.items()}
    often = {kind for kind, count in many["kind"].items() if count >= OFTEN}
    kept = [
        row if row[-1] is None or row[_KIND] not in often else (*row[:-1], None) for row in rows
    ]
    add.rows += kept
    ids, times = columns[_ID], columns[_AT]
    add.portions.append((portion, min(times), max(times), min(ids), max(ids)))
    unsaid = Counter([row[_KIND] for row in kept if row[-1] is None])
    add.present += (
        (name, value, portion, count, unsaid[value] if name == "kind" else 0)
        for name, counted in many.items()
        for value, count in counted.items()
    )


def _portion_of(row: Listed) -> int:
    return row[0] // _WIDTH


def _listed(row: tuple[Any, ...]) -> Listed:
    index, name, kind, at, actor, subject, producer, seq, text = row
    return index, name, kind, at, actor, subject, producer, seq, text
