"""The page: what every part says, put together into a sentence, figures, a list, a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import access
from muniment.access import Scope
from muniment.db import Work
from muniment.ledger import Log
from muniment.web.begin import steps
from muniment.web.callers import require_visitor
from muniment.web.cells import Cell, time_cell
from muniment.web.heads import open_head
from muniment.web.overview import due, found, rooms
from muniment.web.overview.beginning import first_steps
from muniment.web.overview.glance import Figure, Glance, Said
from muniment.web.parts import Column
from muniment.web.plots import spark_path
from muniment.web.shell import LedgerHealth, log_of, render, shell_of

ADDRESS: Final = "/console/overview"
_HAPPENED: Final = 10
_SAID: Final = 5
_DUE: Final = 6
_COLUMNS: Final = (
    Column("System"),
    Column("State"),
    Column("Tier", hide_narrow=True),
    Column("Owner", hide_narrow=True),
    Column("Calls, 7 days", number=True),
    Column("Findings", number=True, hide_narrow=True),
)


@dataclass(frozen=True, slots=True)
class Part:
    """What one room says, and what a reader needs to be told it; nothing: it is their own."""

    tell: Callable[[Work], Glance]
    permission: str = ""
    area: str = ""


PARTS: Final = (
    Part(rooms.mine),
    Part(rooms.calls, "exchanges.read"),
    Part(rooms.systems, "registry.read"),
    Part(rooms.rules, "policy.read", "policy"),
    Part(due.of_systems, "registry.read"),
    Part(due.of_access, "access.read", "access"),
    Part(due.of_policies, "policy.read", "policy"),
)


def routes() -> list[Route]:
    """List the address of the first page."""
    return [Route(ADDRESS, show, methods=["GET"])]


async def show(request: Request) -> Response:
    """Show whether something is wrong, where, and what waits for the reader."""
    visitor = require_visitor(request)
    parts = [
        each
        for each in PARTS
        if not each.permission
        or visitor.may(each.permission, Scope.of(console=each.area) if each.area else None)
    ]
    told = await to_thread.run_sync(_told, request, parts)
    ledger = shell_of(request).ledger_health()
    return render(
        request,
        "overview/show.html",
        first=_first(ledger.state, any(each.permission == "exchanges.read" for each in parts)),
        said=told.said,
        figures=[(each, _spark(each)) for each in told.figures],
        waiting=told.waiting,
        happened=told.happened,
        columns=_COLUMNS,
        systems=told.systems,
        more_systems=told.more_systems,
        foot=told.foot,
        due=[(each, each.at <= log_of(request).database.clock.now()) for each in told.due],
        found=told.found,
        found_of=told.found_of,
        found_columns=found.COLUMNS,
        ledger_facts=_ledger_facts(log_of(request), ledger),
        may_systems=any(each.permission == "registry.read" for each in parts),
        may_calls=any(each.permission == "exchanges.read" for each in parts),
    )


def _told(request: Request, parts: list[Part]) -> Glance:
    """Read all parts in one look; an auditor's view is recorded before."""
    actor, database = require_visitor(request).actor, log_of(request).database
    needed = [each.permission for each in parts if each.permission]
    access.note_views(database, actor, needed, what=ADDRESS)
    with database.look(actor) as work:
        said = [each.tell(work) for each in parts]
        if any(each.permission == "exchanges.read" for each in parts):
            said.append(found.findings(work, log_of(request), rooms.DAYS))
        if require_visitor(request).may(steps.MAY):
            said.append(first_steps(work, log_of(request)))
        return _ordered(reduce(_joined, said, Glance()))


def _joined(one: Glance, other: Glance) -> Glance:
    return Glance(
        said=one.said + other.said,
        figures=one.figures + other.figures,
        waiting=one.waiting + other.waiting,
        happened=one.happened + other.happened,
        systems=one.systems + other.systems,
        more_systems=one.more_systems or other.more_systems,
        foot=one.foot + other.foot,
        due=one.due + other.due,
        found=one.found + other.found,
        found_of=one.found_of or other.found_of,
    )


def _ordered(whole: Glance) -> Glance:
    """Put what is worst first, and what is newest."""
    said = sorted(whole.said, key=lambda each: -each.weight)[:_SAID]
    happened = sorted(whole.happened, key=lambda each: each.at, reverse=True)[:_HAPPENED]
    return Glance(
        said=tuple(_sentence(each) for each in said),
        figures=whole.figures,
        waiting=whole.waiting,
        happened=tuple(happened),
        systems=whole.systems,
        more_systems=whole.more_systems,
        foot=whole.foot,
        due=tuple(sorted(whole.due, key=lambda each: each.at)[:_DUE]),
        found=whole.found,
        found_of=whole.found_of,
    )


def _sentence(said: Said) -> Said:
    return Said(said.text[:1].upper() + said.text[1:], said.href, said.weight)


def _first(ledger: str, sees_calls: bool) -> str:  # noqa: FBT001 one fact of two
    what = "Calls are recorded before they leave" if sees_calls else "What is done here is recorded"
    return {
        "verified": f"{what}, and the ledger verifies.",
        "late": f"{what}; the ledger is behind with its seals.",
        "broken": "The ledger does not verify; nothing is accepted until it does.",
    }.get(ledger, f"{what}; nobody has verified the ledger yet.")


def _ledger_facts(log: Log, health: LedgerHealth) -> tuple[tuple[str, Cell], ...]:
    """Say how the ledger is: its head, who else signed it, when it was verified last."""
    head = open_head(log)
    if head is None:
        return ()
    witnesses = f"{head.witnesses} signed the head" if head.witnesses else "none holds a checkpoint"
    return (
        ("Sealed", Cell(f"{head.size:,} entries", "/console/ledger")),
        ("Head", Cell(f"{head.root[:12]}…", "/log/checkpoint", "code")),
        ("Witnesses", Cell(witnesses, "/console/ledger/check")),
        ("Verified", time_cell(health.verified_at, "not yet")),
    )


def _spark(figure: Figure) -> str:
    return spark_path(figure.days) if any(figure.days) else ""
