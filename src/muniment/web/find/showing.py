"""The page of the search field, and the same as JSON for the palette.

Whose views are recorded is told only pages and acts while they type, lest every letter be a
record; the page itself looks everywhere, and that it did is on record.
"""

from __future__ import annotations

from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from muniment import access
from muniment.access import Scope
from muniment.db import Work
from muniment.web.callers import require_visitor
from muniment.web.find import rooms
from muniment.web.find.hits import Hit, matching, ranked
from muniment.web.find.rooms import Finder
from muniment.web.find.verbs import verbs_for
from muniment.web.shell import NavItem, log_of, render, shell_of

ADDRESS: Final = "/console/find"
MAX_QUERY_CHARS: Final = 200
MOST: Final = 40
_WHILE_TYPING: Final = 12


def routes() -> list[Route]:
    """Answer the search field."""
    return [Route(ADDRESS, find, methods=["GET"], name="find")]


async def find(request: Request) -> Response:
    """Find pages, acts and what the rooms hold; for the palette as JSON."""
    asked = " ".join(request.query_params.get("q", "")[:MAX_QUERY_CHARS].split())
    asked = asked if asked.isprintable() else ""
    typing = "application/json" in request.headers.get("accept", "")
    known = _known(request)
    found = matching(known, asked)
    if asked and getattr(request.app.state, "log", None) is not None:
        found = (*found, *await to_thread.run_sync(_of_rooms, request, asked, typing))
    if typing:
        hits = ranked(found, asked, _WHILE_TYPING)
        told = {"asked": asked, "hits": [each.as_json() for each in hits]}
        return JSONResponse(told, headers={"cache-control": "no-store"})
    hits = ranked(found, asked, MOST) if asked else found
    return render(request, "find.html", asked=asked, found=hits, most=MOST)


def pages(items: tuple[NavItem, ...]) -> tuple[Hit, ...]:
    """List the pages of the sidebar as hits."""
    return tuple(Hit(each.label, each.href, "page", key=each.key) for each in items)


def _known(request: Request) -> tuple[Hit, ...]:
    visitor = require_visitor(request)
    return (*pages(shell_of(request).items()), *verbs_for(visitor))


def _of_rooms(request: Request, asked: str, typing: bool) -> tuple[Hit, ...]:  # noqa: FBT001 one of two askers
    visitor, log = require_visitor(request), log_of(request)
    actor, database = visitor.actor, log.database
    finders = [
        each
        for each in rooms.FINDERS
        if not each.permission
        or visitor.may(each.permission, Scope.of(console=each.area) if each.area else None)
    ]
    if typing:
        with database.look(actor) as work:
            if _is_watched(work):
                return ()
            return rooms.sought(work, log, finders, asked)
    access.note_views(database, actor, sorted(_permissions(finders)), what=ADDRESS)
    with database.look(actor) as work:
        return rooms.sought(work, log, finders, asked)


def _permissions(finders: list[Finder]) -> set[str]:
    return {each.permission for each in finders if each.permission}


def _is_watched(work: Work) -> bool:
    """Tell whether what somebody looks at is put on record."""
    return any(role.views_recorded for _, role in access.standing(work, work.actor).grants)
