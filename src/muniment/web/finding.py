"""What is asked of a list and what it holds: read from an address, narrowed, sorted, paged."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from muniment.core.errors import InvalidError
from muniment.core.page import MAX_PAGE_ROWS, read_cursor, write_cursor
from muniment.db import Work
from muniment.web.cells import Cell
from muniment.web.parts import Sorting, sorting_from
from muniment.web.picking import ONLY, PICK, Picks

if TYPE_CHECKING:
    from muniment.web.lists import Listing

ROWS_SHOWN: Final = 50
_MAX_FILTER_CHARS: Final = 200
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_DIGITS: Final = re.compile(r"[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a list."""

    typed: Mapping[str, str]
    sort: str = ""
    cursor: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    picks: Picks = field(default_factory=Picks)

    def address(self, **more: str) -> str:
        """Write the question as an address."""
        pairs = {**self.typed, "sort": self.sort, **more}
        return "?" + urlencode([(name, value) for name, value in pairs.items() if value])


@dataclass(frozen=True, slots=True)
class Found:
    """What a list holds."""

    rows: tuple[tuple[Cell, ...], ...] = ()
    keys: tuple[str, ...] = ()
    next_cursor: str = ""
    sorting: Sorting | None = None
    total: int | None = None
    lede: str = ""
    views: tuple[tuple[str, str], ...] = ()


def ask(listing: Listing[Any], given: Mapping[str, str]) -> Asked:
    """Read a question from an address; what is no filter of this list is said to be none."""
    names = [each.name for each in listing.filters]
    typed = {
        each.name: given.get(each.name, "").strip() or each.default for each in listing.filters
    }
    errors = {
        name: f"“{name[:40]}” is not a filter of this list."
        for name in given
        if name not in {*names, "sort", "cursor", PICK, ONLY}
    }
    for each in listing.filters:
        if len(typed[each.name]) > _MAX_FILTER_CHARS or "\0" in typed[each.name]:
            errors[each.name] = f"Write {_MAX_FILTER_CHARS} characters at most."
        elif each.options and typed[each.name] not in dict(each.options):
            errors[each.name] = f"Choose one of {', '.join(filter(None, dict(each.options)))}."
    return Asked(typed, given.get("sort", ""), given.get("cursor") or None, errors)


def find(listing: Listing[Any], work: Work, asked: Asked) -> Found:
    """Read the rows asked for."""
    if asked.errors:
        return Found()
    found = _found(listing, work, asked)
    return replace(found, views=tuple(listing.views(work))) if listing.views else found


def _found(listing: Listing[Any], work: Work, asked: Asked) -> Found:
    whole = listing.read(work, asked.typed, None, MAX_PAGE_ROWS)
    lede = listing.lede(work) if listing.lede else ""
    if whole.next_cursor is None:
        return replace(_in_memory(listing, work, asked, whole.rows), lede=lede)
    page = listing.read(work, asked.typed, asked.cursor, ROWS_SHOWN)
    rows = listing.cells(work, page.rows)
    keys = tuple(map(listing.key, page.rows, rows))
    return Found(tuple(rows), keys, page.next_cursor or "", lede=lede)


def _in_memory(listing: Listing[Any], work: Work, asked: Asked, rows: Sequence[Any]) -> Found:
    drawn = listing.cells(work, rows)
    keyed = list(zip(drawn, map(listing.key, rows, drawn), strict=True))
    sorting = sorting_from(asked.sort, listing.columns, Sorting(""))
    places = [each.sort for each in listing.columns]
    if sorting.column:
        place = places.index(sorting.column)
        keyed.sort(key=lambda row: _order(row[0][place]), reverse=sorting.descending)
    first = _place(asked.cursor)
    shown = keyed[first : first + ROWS_SHOWN]
    more = first + ROWS_SHOWN < len(drawn)
    after = write_cursor(["row", first + ROWS_SHOWN]) if more else ""
    cells, keys = tuple(row for row, _ in shown), tuple(key for _, key in shown)
    return Found(cells, keys, after, sorting, len(drawn))


def _order(cell: Cell) -> tuple[bool, float, str]:
    """Order numbers by size, and words as people count: version 2 comes before version 10."""
    number = _NUMBER.match(cell.plain.replace(",", "")) if cell.kind == "number" else None
    return (
        not cell.plain,
        float(number[0]) if number else 0.0,
        _DIGITS.sub(lambda found: found[0].zfill(20), cell.plain.casefold()),
    )


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    found = read_cursor(cursor, 2)
    if found[0] != "row" or type(found[1]) is not int or found[1] < 0:
        raise InvalidError("this cursor is not one of ours", field="cursor", remedy="Begin anew.")
    return found[1]
