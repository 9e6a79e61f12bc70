"""A list as a file: all its rows or the picked, as a table or as JSON, with what they are of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from muniment.core.page import MAX_PAGE_ROWS
from muniment.db import Work
from muniment.web.finding import Asked
from muniment.web.saving import Foot, csv_line

if TYPE_CHECKING:
    from muniment.web.lists import Listing


def every_row(listing: Listing[Any], work: Work, asked: Asked) -> Iterator[list[str]]:
    """Read every row that is wanted, as it is saved."""
    cursor: str | None = None
    while True:
        page = listing.read(work, asked.typed, cursor, MAX_PAGE_ROWS)
        for row, cells in zip(page.rows, listing.cells(work, page.rows), strict=True):
            if asked.picks.takes(listing.key(row, cells)):
                yield [each.plain for each in cells]
        cursor = page.next_cursor
        if cursor is None:
            return


def _labels(listing: Listing[Any]) -> list[str]:
    return [each.label or "Id" for each in listing.columns]


def as_csv(listing: Listing[Any], rows: Sequence[Sequence[str]], foot: Foot) -> Iterator[str]:
    """Write a table, and below it what it is of."""
    yield csv_line(_labels(listing))
    for row in rows:
        yield csv_line(list(row))
    yield from foot.lines(len(rows))


def as_json(listing: Listing[Any], rows: Sequence[Sequence[str]], foot: Foot) -> Iterator[str]:
    """Write one object: what was asked, the rows, and how many they are."""
    labels = _labels(listing)
    told = {
        **foot.members(),
        "count": len(rows),
        "rows": [dict(zip(labels, row, strict=True)) for row in rows],
    }
    yield json.dumps(told, ensure_ascii=False)
