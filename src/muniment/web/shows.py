"""The page of one thing: a sentence, facts, its text, what changed, tables, what can be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment.db import Work
from muniment.ledger import Log
from muniment.web.cells import Area, Cell
from muniment.web.lists import Action, Empty, offered, reading
from muniment.web.parts import Column, DiffLine
from muniment.web.prose import Block
from muniment.web.shell import log_of, render


@dataclass(frozen=True, slots=True)
class Section:
    """A small table on the page of one thing."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: Empty
    note: str = ""
    width: str = "c8"
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """What people read, in paragraphs."""

    title: str
    blocks: tuple[Block, ...]
    note: str = ""
    width: str = "c8"


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in a text, line by line."""

    title: str
    lines: tuple[DiffLine, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Inset:
    """A part of a page that a template of its own draws from these values."""

    title: str
    template: str
    values: Mapping[str, object]
    note: str = ""
    width: str = "c12"


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page of one thing shows."""

    title: str
    lede: str
    crumbs: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, Cell], ...] = ()
    sections: tuple[Section, ...] = ()
    actions: tuple[Action, ...] = ()
    state: Cell | None = None
    texts: tuple[Text, ...] = ()
    differences: tuple[Difference, ...] = ()
    insets: tuple[Inset, ...] = ()
    beside: int = 1  # so many sections stand beside the facts, where an inset follows


@dataclass(frozen=True, slots=True)
class Show:
    """How one sort of thing is shown."""

    area: Area
    place: str
    says: str
    page: Callable[[Work, Mapping[str, str]], Page]
    more: Callable[[Work, Log, Mapping[str, str], Page], Page] | None = None

    def routes(self) -> list[Route]:
        """List its page."""

        async def show(request: Request) -> Response:
            return await _drawn(self, request)

        show.__doc__ = self.says
        return [Route(f"{self.area.address}/{self.place}", show, methods=["GET"])]


async def _drawn(show: Show, request: Request) -> Response:
    asked = {**dict(request.query_params), **request.path_params}

    def look() -> Page:
        with reading(request, show.area) as work:
            drawn = show.page(work, asked)
            return show.more(work, log_of(request), asked, drawn) if show.more else drawn

    page = await to_thread.run_sync(look)
    actions = offered(request, page.actions)
    return render(request, "pages/show.html", page=page, actions=actions)
