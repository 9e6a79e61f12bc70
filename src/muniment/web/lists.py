"""A list of something: narrowed by a form, sorted, paged, saved as CSV or JSON.

A list that fits one page of the room is sorted here by any column; a longer one comes in the order
of its ids, and says so. What was wrong with a filter stands beside it, with what was typed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlencode

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import access
from muniment.core.clock import stamp
from muniment.core.digest import digest_bytes
from muniment.core.errors import InvalidError
from muniment.core.page import MAX_PAGE_ROWS, Page, read_cursor, write_cursor
from muniment.db import Work
from muniment.web.callers import require_visitor, saved_by
from muniment.web.cells import Area, Cell
from muniment.web.heads import open_head
from muniment.web.parts import Column, Export, Pager, Sorting, sorting_from
from muniment.web.saving import Foot, csv_line
from muniment.web.shell import log_of, render

T = TypeVar("T")
ROWS_SHOWN: Final = 50
_MAX_FILTER_CHARS: Final = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """One field of the form above a list; without options it is a text."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list teaches."""

    title: str
    sentence: str
    line: str = ""
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button that leads to something that can be done, for who may do it."""

    label: str
    href: str
    permission: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Listing(Generic[T]):
    """How one sort of thing is listed."""

    area: Area
    place: str
    title: str
    says: str
    columns: tuple[Column, ...]
    read: Callable[[Work, Mapping[str, str], str | None, int], Page[T]]
    cells: Callable[[Work, Sequence[T]], list[tuple[Cell, ...]]]
    empty: Empty
    filters: tuple[Filter, ...] = ()
    actions: tuple[Action, ...] = ()
    order: str = "newest first"
    always_filters: bool = False
    lede: Callable[[Work], str] | None = None
    views: Callable[[Work], Sequence[tuple[str, str]]] | None = None
    save_view: str = ""

    @property
    def address(self) -> str:
        """Give the address of its page."""
        return f"{self.area.address}/{self.place}".rstrip("/")

    def routes(self) -> list[Route]:
        """List its page and what it can be saved as."""
        address = self.address

        async def show(request: Request) -> Response:
            return await _shown(self, request)

        async def save_csv(request: Request) -> Response:
            return await _saved(self, request, "csv")

        async def save_json(request: Request) -> Response:
            return await _saved(self, request, "json")

        show.__doc__ = self.says
        save_csv.__doc__ = f"Save the list “{self.title}” as a table."
        save_json.__doc__ = f"Save the list “{self.title}” as JSON."
        return [
            Route(address, show, methods=["GET"]),
            Route(f"{address}/export.csv", save_csv, methods=["GET"]),
            Route(f"{address}/export.json", save_json, methods=["GET"]),
        ]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a list."""

    typed: Mapping[str, str]
    sort: str = ""
    cursor: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    def address(self, **more: str) -> str:
        """Write the question as an address."""
        pairs = {**self.typed, "sort": self.sort, **more}
        return "?" + urlencode([(name, value) for name, value in pairs.items() if value])


@dataclass(frozen=True, slots=True)
class Found:
    """What a list holds."""

    rows: tuple[tuple[Cell, ...], ...] = ()
    next_cursor: str = ""
    sorting: Sorting | None = None
    total: int | None = None
    lede: str = ""
    views: tuple[tuple[str, str], ...] = ()


def ask(listing: Listing[Any], given: Mapping[str, str]) -> Asked:
    """Read a question from an address; what is no filter of this list is said to be none."""
    names = [each.name for each in listing.filters]
    typed = {name: given.get(name, "").strip() for name in names}
    errors = {
        name: f"“{name[:40]}” is not a filter of this list."
        for name in given
        if name not in {*names, "sort", "cursor"}
    }
    for each in listing.filters:
        if len(typed[each.name]) > _MAX_FILTER_CHARS or "\0" in typed[each.name]:
            errors[each.name] = f"Write {_MAX_FILTER_CHARS} characters at most."
        elif each.options and typed[each.name] not in dict(each.options):
            errors[each.name] = "Choose one of the list."
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
    rows = tuple(listing.cells(work, page.rows))
    return Found(rows, page.next_cursor or "", lede=lede)


def _in_memory(listing: Listing[Any], work: Work, asked: Asked, rows: Sequence[Any]) -> Found:
    drawn = listing.cells(work, rows)
    sorting = sorting_from(asked.sort, listing.columns, Sorting(""))
    places = [each.sort for each in listing.columns]
    if sorting.column:
        place = places.index(sorting.column)
        drawn.sort(key=lambda row: _order(row[place]), reverse=sorting.descending)
    first = _place(asked.cursor)
    shown = tuple(drawn[first : first + ROWS_SHOWN])
    more = first + ROWS_SHOWN < len(drawn)
    after = write_cursor(["row", first + ROWS_SHOWN]) if more else ""
    return Found(shown, after, sorting, len(drawn))


def _order(cell: Cell) -> tuple[bool, float, str]:
    number = cell.kind == "number" and cell.plain.replace(",", "").isdigit()
    return (
        not cell.plain,
        float(cell.plain.replace(",", "")) if number else 0.0,
        cell.plain.casefold(),
    )


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    found = read_cursor(cursor, 2)
    if found[0] != "row" or type(found[1]) is not int or found[1] < 0:
        raise InvalidError("this cursor is not one of ours", field="cursor", remedy="Begin anew.")
    return found[1]


async def _shown(listing: Listing[Any], request: Request) -> Response:
    asked = ask(listing, request.query_params)

    foot: Foot | None = None

    def look() -> Found:
        nonlocal foot
        with reading(request, listing.area) as work:
            foot = _foot(request, work, asked)
            return find(listing, work, asked)

    try:
        found = await to_thread.run_sync(look)
    except InvalidError as error:  # it stands beside its filter, or above the list
        asked, found = replace(asked, errors={error.field or "list": _sentence(error)}), Found()
    narrowed = any(asked.typed.values())
    pager = Pager(
        _says(found, narrowed=narrowed, order=listing.order),
        first_href=asked.address() if asked.cursor else "",
        next_href=asked.address(cursor=found.next_cursor) if found.next_cursor else "",
    )
    exports = tuple(
        Export(form.upper(), f"{listing.address}/export.{form}{asked.address()}")
        for form in ("csv", "json")
    )
    return render(
        request,
        "pages/list.html",
        status_code=422 if asked.errors else 200,
        listing=listing,
        address=listing.address,
        asked=asked,
        found=found,
        narrowed=narrowed,
        pager=pager,
        exports=exports if found.rows else (),
        paper=foot.on_paper(len(found.rows)) if foot and found.rows else (),
        actions=offered(request, listing.actions),
        save_view=_save_view(listing, asked) if narrowed and found.rows else "",
    )


def _save_view(listing: Listing[Any], asked: Asked) -> str:
    if not listing.save_view:
        return ""
    query = urlencode([(name, value) for name, value in asked.typed.items() if value])
    return f"{listing.save_view}?{urlencode({'place': listing.place, 'query': query})}"


@contextmanager
def reading(request: Request, area: Area) -> Iterator[Work]:
    """Read in the visitor's name what they may see; an auditor's view is recorded first."""
    actor, database = require_visitor(request).actor, log_of(request).database
    what = request.url.path
    if area.line_by_line:
        with access.viewing_some(database, actor, area.permission, what=what) as work:
            yield work
        return
    if not area.permission:  # what is one's own; the room shows nothing else
        with database.look(actor) as work:
            yield work
        return
    with access.viewing(database, actor, area.permission, area.scope, what=what) as work:
        yield work


def offered(request: Request, actions: Sequence[Action]) -> tuple[Action, ...]:
    """Keep the actions that the visitor may do somewhere."""
    visitor = require_visitor(request)
    return tuple(each for each in actions if not each.permission or visitor.may(each.permission))


def _sentence(error: InvalidError) -> str:
    return f"{error.message[:1].upper()}{error.message[1:]}. {error.remedy}".strip()


def _says(found: Found, *, narrowed: bool, order: str) -> str:
    if not found.rows:
        return "Nothing to show"
    if found.total is None:
        return f"{len(found.rows)} shown, {order}; narrow the list to sort it"
    if found.total == len(found.rows):
        return f"{found.total:,} {'matching' if narrowed else 'in all'}"
    return f"{len(found.rows)} of {found.total:,}"


async def _saved(listing: Listing[Any], request: Request, form: str) -> Response:
    asked = ask(listing, request.query_params)
    if asked.errors:
        return await _shown(listing, request)

    def read() -> tuple[list[list[str]], Foot]:
        with reading(request, listing.area) as work:
            return list(_every_row(listing, work, asked)), _foot(request, work, asked)

    rows, foot = await to_thread.run_sync(read)
    lines = _as_csv(listing, rows, foot) if form == "csv" else _as_json(listing, rows, foot)
    data = "".join(lines).encode()
    await to_thread.run_sync(_note, request, listing.address, form, len(rows), data)
    called = (listing.place or listing.title.lower()).replace("/", "-").replace(" ", "-")
    name = f'attachment; filename="{called}.{form}"'
    media = "text/csv; charset=utf-8" if form == "csv" else "application/json"
    return Response(data, media_type=media, headers={"content-disposition": name})


def _foot(request: Request, work: Work, asked: Asked) -> Foot:
    query = {name: value for name, value in asked.typed.items() if value}
    return Foot(query, stamp(work.now), saved_by(request), open_head(log_of(request)))


def _note(request: Request, what: str, form: str, rows: int, data: bytes) -> None:
    """Record that a list was saved before it is given away."""
    actor, database = require_visitor(request).actor, log_of(request).database
    with database.work(actor) as work:
        access.note_export(work, what, form, rows=rows, digest=str(digest_bytes(data)))


def _every_row(listing: Listing[Any], work: Work, asked: Asked) -> Iterator[list[str]]:
    cursor: str | None = None
    while True:
        page = listing.read(work, asked.typed, cursor, MAX_PAGE_ROWS)
        for row in listing.cells(work, page.rows):
            yield [each.plain for each in row]
        cursor = page.next_cursor
        if cursor is None:
            return


def _labels(listing: Listing[Any]) -> list[str]:
    return [each.label or "Id" for each in listing.columns]


def _as_csv(listing: Listing[Any], rows: Sequence[Sequence[str]], foot: Foot) -> Iterator[str]:
    yield csv_line(_labels(listing))
    for row in rows:
        yield csv_line(list(row))
    yield from foot.lines(len(rows))


def _as_json(listing: Listing[Any], rows: Sequence[Sequence[str]], foot: Foot) -> Iterator[str]:
    labels = _labels(listing)
    told = {
        **foot.members(),
        "count": len(rows),
        "rows": [dict(zip(labels, row, strict=True)) for row in rows],
    }
    yield json.dumps(told, ensure_ascii=False)
