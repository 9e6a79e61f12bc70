"""The shell every page stands in, and the one module that knows the template engine.

A handler calls `render` with a template and its values; the shell adds navigation, the ledger's
health and the static paths. Templates escape everything and refuse a name nobody gave them.
Nothing here reads a store: what the shell shows is passed in once, by `install`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse

from muniment.access import Reception, Scope, Visitor
from muniment.ledger import Log
from muniment.web.callers import ACCOUNT, form_token, visitor_of
from muniment.web.formats import (
    bytes_size,
    count,
    day,
    duration,
    exactly,
    short_digest,
    short_id,
    when,
)
from muniment.web.glossary.explaining import explained
from muniment.web.parts import (
    SEVERITY_BANDS,
    percent,
    severity_word,
    sort_href,
    sort_state,
)
from muniment.web.seats import Seats
from muniment.web.spelling import spelled
from muniment.web.static_files import static_url
from muniment.web.undoing import forget, offered_once

LedgerState = Literal["verified", "late", "broken", "unknown"]

_MOST_SOUGHT: Final = 80
_TEMPLATES: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class NavItem:
    """One page in the sidebar; `key` is the letter that goes there after `g`.

    It is drawn for who has the permission in its area; without one, for everybody we know.
    """

    label: str
    href: str
    key: str = ""
    waiting: int = 0
    permission: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Pages which answer one question; a group without a name stands first."""

    label: str
    items: tuple[NavItem, ...]


@dataclass(frozen=True, slots=True)
class LedgerHealth:
    """What the corner of every page says about the ledger."""

    state: LedgerState
    verified_at: datetime | None = None
    entries: int | None = None
    witnesses: str = ""
    href: str = ""

    def seen_by(self, visitor: Visitor | None) -> LedgerHealth:
        """Leave out all but the state for strangers; how much is recorded is not theirs to know."""
        return self if visitor is not None else LedgerHealth(self.state)


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands around every page; `ledger_health` answers from memory, for it never waits."""

    groups: tuple[NavGroup, ...]
    where: str
    ledger_health: Callable[[], LedgerHealth]
    find_href: str = "/console/find"
    is_demo: bool = False

    def items(self) -> tuple[NavItem, ...]:
        """List every page of the sidebar, in order."""
        return tuple(item for group in self.groups for item in group.items)

    def seen_by(self, visitor: Visitor | None) -> Shell:
        """Leave out what somebody may not see; strangers see no page but the one they are on."""
        groups = tuple(
            NavGroup(group.label, tuple(item for item in group.items if _is_offered(item, visitor)))
            for group in self.groups
        )
        where = visitor.organisation if visitor is not None else ""
        return replace(self, groups=groups, where=where or self.where)


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, to what, what to do next, and the id to quote."""

    title: str
    message: str
    remedy: str
    subject: str = ""
    request_id: str = ""
    reasons: tuple[str, ...] = ()
    back_href: str = ""
    back_label: str = ""


def install(
    app: Starlette, shell: Shell, log: Log | None = None, reception: Reception | None = None
) -> None:
    """Give an application the shell its pages stand in, the log they show, and who lets in."""
    app.state.shell = shell
    app.state.log = log
    if log is not None:
        server = log.settings.server
        app.state.seats = Seats(server.live_pages_each, server.live_pages)
    app.state.reception = reception


def log_of(request: Request) -> Log:
    """Find the log of the application which answers this request."""
    log = getattr(request.app.state, "log", None)
    if not isinstance(log, Log):
        raise TypeError("this application has no log; call muniment.web.install(app, shell, log)")
    return log


def seats_of(request: Request) -> Seats:
    """Give the open live pages of this application."""
    seats = getattr(request.app.state, "seats", None)
    if not isinstance(seats, Seats):
        raise TypeError("this application keeps no live pages; open its shell where it is built")
    return seats


def shell_of(request: Request) -> Shell:
    """Find the shell of the application which answers this request, as its visitor sees it."""
    shell = getattr(request.app.state, "shell", None)
    if not isinstance(shell, Shell):
        raise TypeError("this application has no shell; call muniment.web.install(app, shell)")
    return shell.seen_by(visitor_of(request))


def render(
    request: Request, template: str, *, status_code: int = 200, **values: object
) -> HTMLResponse:
    """Draw a page: the template with its values, inside the shell."""
    visitor = visitor_of(request)
    shell = shell_of(request)
    page, done = environment().get_template(template), offered_once(request)
    html = page.render(
        shell=shell,
        visitor=visitor,
        form_token=form_token(request),
        here=current_item(shell.items(), request.url.path),
        path=request.url.path,
        query=request.url.query,
        ledger=shell.ledger_health().seen_by(visitor),
        just_done=done,
        **values,
    )
    response = HTMLResponse(
        html, status_code=status_code, headers={"Cache-Control": "no-cache, private"}
    )
    if done is not None:
        forget(response)
    return response


def first_page(request: Request) -> str:
    """Name the first page there is for the visitor; for a stranger, where one signs in."""
    return next((item.href for item in shell_of(request).items()), ACCOUNT)


def render_problem(request: Request, problem: Problem, *, status_code: int) -> HTMLResponse:
    """Draw the error page."""
    return render(
        request,
        "error.html",
        status_code=status_code,
        problem=problem,
        status=status_code,
        sought=_sought(request.url.path),
    )


def _sought(path: str) -> str:
    """Take from an address what somebody may have looked for: its last part, in words."""
    last = path.rstrip("/").rpartition("/")[2]
    words = last if "_" in last else last.replace("-", " ")
    return words[:_MOST_SOUGHT] if words.isprintable() else ""


def _is_offered(item: NavItem, visitor: Visitor | None) -> bool:
    if visitor is None:
        return False
    place = Scope.of(console=item.area) if item.area else None
    return not item.permission or visitor.may(item.permission, place)


def current_item(items: tuple[NavItem, ...], path: str) -> NavItem | None:
    """Find the sidebar entry a path belongs to: the longest one it lies under."""
    under = [item for item in items if path == item.href or path.startswith(item.href + "/")]
    return max(under, key=lambda item: len(item.href), default=None)


@cache
def environment() -> Environment:
    """Build the template engine, once."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(
        when=when,
        day=day,
        digest=short_digest,
        short_id=short_id,
        exactly=exactly,
        count=count,
        duration=duration,
        bytes_size=bytes_size,
    )
    made.globals.update(
        static_url=static_url,
        percent=percent,
        explained=explained,
        spelled=spelled,
        severity_bands=SEVERITY_BANDS,
        severity_word=severity_word,
        sort_href=sort_href,
        sort_state=sort_state,
    )
    return made
