"""A list of something: narrowed by a form, sorted, paged, picked from, saved as CSV or JSON.

A list that fits one page of the room is sorted here by any column; a longer one comes in the order
of its ids, and says so. What was wrong with a filter stands beside it, with what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import access
from muniment.core.clock import stamp
from muniment.core.digest import digest_bytes
from muniment.core.errors import InvalidError
from muniment.core.page import Page
from muniment.db import Work
from muniment.web.callers import require_visitor, saved_by
from muniment.web.cells import Area, Cell
from muniment.web.finding import Asked, Found, ask, find
from muniment.web.heads import open_head
from muniment.web.list_files import as_csv, as_json, every_row
from muniment.web.listed import Action, Empty, Filter
from muniment.web.parts import Column, Export, Pager
from muniment.web.picking import PICK, PickAct, key_of, read_picks
from muniment.web.reading import offered, reading
from muniment.web.saving import Foot
from muniment.web.shell import log_of, render

__all__ = [
    "Action",
    "Asked",
    "Empty",
    "Filter",
    "Found",
    "Listing",
    "ask",
    "find",
    "offered",
    "reading",
]

T = TypeVar("T")


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
    key: Callable[[Any, Sequence[Cell]], str] = key_of
    with_picked: tuple[PickAct, ...] = ()
    picks: bool = True  # a list in which each row is looked at by itself has no boxes
    empty_in: Mapping[str, Empty] = field(default_factory=dict)  # what another tab teaches

    @property
    def tabs(self) -> Filter | None:
        """Give the filter that is drawn as tabs, if one is."""
        return next((each for each in self.filters if each.tabs), None)

    @property
    def fields(self) -> tuple[Filter, ...]:
        """Give the filters of the form."""
        return tuple(each for each in self.filters if not each.tabs)

    def tab_links(self) -> list[tuple[str, str]]:
        """List the tabs, each with its address."""
        named = self.tabs
        options = named.options if named else ()
        return [
            (label, f"{self.address}?{named.name}={value}") for value, label in options if named
        ]

    def is_narrowed(self, typed: Mapping[str, str]) -> bool:
        """Tell whether less than all of a tab is asked for."""
        return any(typed[each.name] for each in self.fields)

    def empty_of(self, typed: Mapping[str, str]) -> Empty:
        """Say what is taught where nothing is."""
        return self.empty_in.get(typed[self.tabs.name], self.empty) if self.tabs else self.empty

    @property
    def address(self) -> str:
        """Give the address of its page."""
        return f"{self.area.address}/{self.place}".rstrip("/")

    def routes(self) -> list[Route]:
        """List its page and what it can be saved as."""
        address = self.address

        async def show(request: Request) -> Response:
            return await _shown(self, request, ask(self, request.query_params))

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


async def _shown(listing: Listing[Any], request: Request, asked: Asked) -> Response:
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
    narrowed = listing.is_narrowed(asked.typed)
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
        tab=_tab(listing, asked),
        pager=pager,
        exports=exports if found.rows else (),
        paper=foot.on_paper(len(found.rows)) if foot and found.rows else (),
        actions=offered(request, listing.actions),
        with_picked=offered(request, listing.with_picked),
        save_view=_save_view(listing, asked) if narrowed and found.rows else "",
    )


def _tab(listing: Listing[Any], asked: Asked) -> str:
    """Name the tab that is open."""
    named = listing.tabs
    return dict(named.options).get(asked.typed[named.name], "") if named else ""


def _save_view(listing: Listing[Any], asked: Asked) -> str:
    if not listing.save_view:
        return ""
    query = urlencode([(name, value) for name, value in asked.typed.items() if value])
    return f"{listing.save_view}?{urlencode({'place': listing.place, 'query': query})}"


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
    try:
        asked = replace(asked, picks=read_picks(request.query_params))
    except InvalidError as error:
        asked = replace(asked, errors={**asked.errors, PICK: _sentence(error)})
    if asked.errors:
        return await _shown(listing, request, asked)

    def read() -> tuple[list[list[str]], Foot]:
        with reading(request, listing.area) as work:
            rows = list(every_row(listing, work, asked))
            foot = _foot(request, work, asked)
            return rows, replace(foot, query={**foot.query, **asked.picks.said(len(rows))})

    rows, foot = await to_thread.run_sync(read)
    lines = as_csv(listing, rows, foot) if form == "csv" else as_json(listing, rows, foot)
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
