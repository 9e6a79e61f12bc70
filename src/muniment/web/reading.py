"""Reading in a visitor's name: what they may see, and what they are offered to do there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from starlette.requests import Request

from muniment import access
from muniment.db import Work
from muniment.web.callers import require_visitor
from muniment.web.cells import Area
from muniment.web.listed import Action
from muniment.web.picking import PickAct
from muniment.web.shell import log_of

A = TypeVar("A", Action, PickAct)


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


def offered(request: Request, actions: Sequence[A]) -> tuple[A, ...]:
    """Keep the actions that the visitor may do somewhere."""
    visitor = require_visitor(request)
    return tuple(each for each in actions if not each.permission or visitor.may(each.permission))
