"""The inbox: what waits for the reader, what waits for others, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import access, approvals
from muniment.approvals import Query, State
from muniment.core.errors import InvalidError
from muniment.core.page import Page
from muniment.db import Work
from muniment.web.callers import require_visitor
from muniment.web.parts import Pager
from muniment.web.shell import log_of, render

ADDRESS: Final = "/console/approvals"
TONES: Final = {
    State.OPEN: "look",
    State.APPROVED: "ok",
    State.USED: "ok",
    State.DENIED: "stop",
    State.EXPIRED: "unknown",
    State.WITHDRAWN: "unknown",
}
_TABS: Final = (
    ("mine", "Waiting for you"),
    ("open", "All open"),
    ("decided", "Decided"),
    ("all", "All"),
)
_DECIDED: Final = (State.APPROVED, State.DENIED, State.EXPIRED, State.WITHDRAWN, State.USED)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the inbox."""

    request: approvals.Request
    missing: tuple[str, ...]
    author: str


@dataclass(frozen=True, slots=True)
class Found:
    """What one look at the inbox gives."""

    rows: tuple[Row, ...]
    waiting: int
    open_count: int
    next_cursor: str = ""


def routes() -> list[Route]:
    """List the address of the inbox."""
    return [Route(ADDRESS, inbox, methods=["GET"])]


async def inbox(request: Request) -> Response:
    """Show what waits for the reader, and what else there is."""
    which = request.query_params.get("which", "mine")
    if which not in dict(_TABS):
        raise InvalidError(
            f"“{which[:40]}” is not a list of the inbox",
            field="which",
            remedy=f"Use one of {', '.join(name for name, _ in _TABS)}.",
        )
    cursor = request.query_params.get("cursor") or None
    actor, database = require_visitor(request).actor, log_of(request).database

    def look() -> Found:
        with access.viewing_some(database, actor, "approvals.read", what=ADDRESS) as work:
            return _look(work, which, cursor)

    found = await to_thread.run_sync(look)
    here = f"{ADDRESS}?which={which}"
    pager = Pager(
        f"{len(found.rows):,} shown, newest first",
        first_href=here if cursor else "",
        next_href=f"{here}&cursor={found.next_cursor}" if found.next_cursor else "",
    )
    return render(
        request,
        "approvals/list.html",
        found=found,
        tabs_of=[(label, f"{ADDRESS}?which={name}") for name, label in _TABS],
        current=dict(_TABS)[which],
        which=which,
        pager=pager,
        tones=TONES,
    )


def _look(work: Work, which: str, cursor: str | None) -> Found:
    mine = approvals.inbox(work)
    if which == "mine":
        page = Page(mine)
    elif which == "decided":
        page = _decided(work, cursor)
    else:
        state = State.OPEN if which == "open" else None
        page = approvals.list_requests(work, Query(state=state), cursor=cursor)
    names = access.named(work, [each.author for each in page.rows])
    rows = tuple(
        Row(each, approvals.outcome(work, each).missing, names.get(each.author, each.author))
        for each in page.rows
    )
    return Found(rows, len(mine), approvals.count_open(work), page.next_cursor or "")


def _decided(work: Work, cursor: str | None) -> Page[approvals.Request]:
    page = approvals.list_requests(work, Query(), cursor=cursor)
    return Page(tuple(each for each in page.rows if each.state in _DECIDED), page.next_cursor)
