"""A list saved as JSON or CSV: all its rows, then what was asked, when, and of which head.

Rows are read a page at a time, up to the entries there were when it began, so that a long export
is one answer and not a moving one. A cell which a spreadsheet would run is written as text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Final

from muniment import ledger
from muniment.core.clock import stamp
from muniment.core.page import MAX_PAGE_ROWS
from muniment.ledger import IndexRow, Log, Query
from muniment.web.heads import Head, open_head
from muniment.web.ledger.asking import Asked
from muniment.web.picking import PICKED
from muniment.web.saving import Foot, csv_line


@dataclass(frozen=True, slots=True)
class Saved:
    """An export that has begun: of what, up to which entry, at what time, under which head."""

    log: Log
    asked: Asked
    size: int
    at: datetime
    by: str
    head: Head | None

    def rows(self) -> Iterator[IndexRow]:
        """Read every row, up to the entries there were at the beginning."""
        if not self.size:
            return
        cursor = None
        while True:
            page = ledger.find(self.log, self._of, cursor=cursor, limit=MAX_PAGE_ROWS)
            yield from (row for row in page.rows if self.asked.picks.takes(str(row.index)))
            cursor = page.next_cursor
            if cursor is None:
                return

    def count(self) -> int:
        """Count them, before the first is given away."""
        if self.asked.picks.only:
            return sum(1 for _ in self.rows())
        return ledger.count(self.log, self._of) if self.size else 0

    @property
    def _of(self) -> Query:
        asked_last = self.asked.query.to_index
        last = self.size - 1 if asked_last is None else min(asked_last, self.size - 1)
        return replace(self.asked.query, to_index=last)

    @property
    def query(self) -> Mapping[str, str]:
        """Say what was asked, as it was typed."""
        order = "newest first" if self.asked.sorting.descending else "oldest first"
        return {**{k: v for k, v in self.asked.typed.items() if v}, "order": order}

    @property
    def foot(self) -> Foot:
        """Say below the rows what they are of; which entries were picked stands there by number."""
        picks = self.asked.picks
        named = {PICKED: ", ".join(sorted(picks.keys, key=int))} if picks.only else {}
        return Foot({**self.query, **named}, stamp(self.at), self.by, self.head)


def begin(log: Log, asked: Asked, by: str) -> Saved:
    """Fix what an export is of, before its first row is read."""
    at = log.database.clock.now()
    return Saved(log, asked, log.index.next_index(), at, by, open_head(log))


def as_csv(saved: Saved) -> Iterator[str]:
    """Write a table, and below it what it is of."""
    yield csv_line([each.name for each in fields(IndexRow)])
    count = 0
    for row in saved.rows():
        count += 1
        yield csv_line([getattr(row, each.name) for each in fields(IndexRow)])
    yield from saved.foot.lines(count)


def as_json(saved: Saved) -> Iterator[str]:
    """Write one object: what was asked, the rows, and how many they are."""
    told = saved.foot.members()
    yield f'{json.dumps(told, ensure_ascii=False)[:-1]}, "rows": [\n'
    count = 0
    for row in saved.rows():
        yield f"{', ' if count else ''}{json.dumps(asdict(row), ensure_ascii=False)}\n"
        count += 1
    yield f'], "count": {count}}}\n'


FORMS: Final[Mapping[str, Callable[[Saved], Iterator[str]]]] = {"csv": as_csv, "json": as_json}
