"""Who answers for whom: what the reader has lent, what was lent to them, lending and ending it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from muniment import access, approvals
from muniment.approvals import Delegation
from muniment.core.actor import Actor
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, MunimentError
from muniment.db import Database
from muniment.web.acts import read_day
from muniment.web.approvals.listing import ADDRESS
from muniment.web.callers import CSRF_FIELD, require_visitor
from muniment.web.shell import log_of, render

HERE: Final = f"{ADDRESS}/delegations"
_SHOWN_BESIDE: Final = (InvalidError, ConflictError, ForbiddenError)


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    given: tuple[Delegation, ...]
    taken: tuple[Delegation, ...]
    names: Mapping[str, str]
    colleagues: tuple[tuple[str, str], ...]
    now: datetime

    def state(self, each: Delegation) -> tuple[str, str]:
        """Say whether it holds."""
        if each.holds(self.now):
            return "holds", "ok"
        if each.ended_at is None and each.starts_at > self.now:
            return "not yet", "look"
        return "ended", "unknown"


def routes() -> list[Route]:
    """List the addresses of delegations."""
    return [
        Route(HERE, show, methods=["GET"]),
        Route(HERE, lend, methods=["POST"]),
        Route(f"{HERE}/{{delegation_id}}/end", end, methods=["POST"]),
    ]


async def show(request: Request) -> Response:
    """Show who answers for the reader, and for whom they answer."""
    return await _drawn(request, {}, None)


async def lend(request: Request) -> Response:
    """Let somebody else answer for the reader, for a time."""
    typed = await _typed(request)
    actor, database = require_visitor(request).actor, log_of(request).database

    def do() -> None:
        ends_at = read_day(typed, "ends_at")
        with database.work(actor) as work:
            approvals.delegate(
                work,
                typed.get("taker", ""),
                reason=typed.get("reason", ""),
                ends_at=ends_at or work.now,
                matter_kind=typed.get("matter", "").strip(),
            )

    try:
        await to_thread.run_sync(do)
    except _SHOWN_BESIDE as error:
        return await _drawn(request, typed, error)
    return RedirectResponse(HERE, 303)


async def end(request: Request) -> Response:
    """End a delegation now."""
    typed = await _typed(request)
    actor, database = require_visitor(request).actor, log_of(request).database
    named = str(request.path_params["delegation_id"])

    def do() -> None:
        with database.work(actor) as work:
            approvals.end_delegation(work, named, reason=typed.get("reason", "") or "ended early")

    try:
        await to_thread.run_sync(do)
    except _SHOWN_BESIDE as error:
        return await _drawn(request, typed, error)
    return RedirectResponse(HERE, 303)


async def _typed(request: Request) -> dict[str, str]:
    async with request.form(max_fields=20) as form:
        return {name: str(value) for name, value in form.items() if name != CSRF_FIELD}


async def _drawn(
    request: Request, typed: Mapping[str, str], error: MunimentError | None
) -> Response:
    visitor, database = require_visitor(request), log_of(request).database
    view = await to_thread.run_sync(_look, database, visitor.actor)
    return render(
        request,
        "approvals/delegations.html",
        status_code=200 if error is None else 422,
        view=view,
        address=HERE,
        typed=typed,
        error=error,
    )


def _look(database: Database, actor: Actor) -> View:
    with database.look(actor) as work:
        given, taken = approvals.delegations_of(work)
        named = [*(each.taker for each in given), *(each.giver for each in taken)]
        return View(
            given,
            taken,
            access.named(work, named),
            access.colleagues(work),
            work.now,
        )
