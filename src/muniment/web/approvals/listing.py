"""The inbox: what waits for the reader, what waits for others, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup
from starlette.routing import Route

from muniment import access, approvals
from muniment.approvals import Query, Request, State
from muniment.core.page import Page
from muniment.db import Work
from muniment.web.cells import Area, Cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.parts import Column

ADDRESS: Final = "/console/approvals"
AREA: Final = Area(
    ADDRESS, access.Scope.of(console="approvals"), "approvals.read", line_by_line=True
)
TONES: Final = {
    State.OPEN: "look",
    State.APPROVED: "ok",
    State.USED: "ok",
    State.DENIED: "stop",
    State.EXPIRED: "unknown",
    State.WITHDRAWN: "unknown",
}
_WORDS: Final = {state.value: tone for state, tone in TONES.items()}
_HELD: Final = ("gateway.call", "gateway.tool")
_MOST_HELD: Final = 100
_DECIDED: Final = (State.APPROVED, State.DENIED, State.EXPIRED, State.WITHDRAWN, State.USED)


def routes() -> list[Route]:
    """List the addresses of the inbox."""
    return LIST.routes()


def _read(work: Work, typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Request]:
    which = typed["which"]
    if which == "mine":
        return Page(approvals.inbox(work))
    if which == "held":
        return Page(held(work))
    query = Query(state=State.OPEN if which == "open" else None)
    page = approvals.list_requests(work, query, limit=limit, cursor=cursor)
    if which != "decided":
        return page
    return Page(tuple(each for each in page.rows if each.state in _DECIDED), page.next_cursor)


def held(work: Work) -> tuple[Request, ...]:
    """List the calls, answers and uses of tools that wait for somebody's yes."""
    return tuple(
        each
        for kind in _HELD
        for each in approvals.list_requests(
            work, Query(state=State.OPEN, matter=kind), limit=_MOST_HELD
        ).rows
    )


def _cells(work: Work, found: Sequence[Request]) -> list[tuple[Cell, ...]]:
    names = access.named(work, [each.author for each in found])
    return [
        (
            Cell(each.matter.title, f"{ADDRESS}/{each.id}", note=each.matter.kind),
            Cell(each.matter.subject[1], kind="code", note=each.matter.subject[0]),
            tag_cell(each.state.value, _WORDS),
            Cell(", ".join(_missing(work, each)) or "nothing"),
            Cell(names.get(each.author, each.author)),
            time_cell(each.timing.expires_at, "no end"),
        )
        for each in found
    ]


def _missing(work: Work, each: Request) -> tuple[str, ...]:
    """Say whose yes is still needed; of what is decided, nobody's."""
    return approvals.outcome(work, each).missing if each.state is State.OPEN else ()


def _lede(work: Work) -> str:
    waiting, opened = len(approvals.inbox(work)), approvals.count_open(work)
    many = "One decision" if waiting == 1 else f"{waiting:,} decisions"
    verb = "waits" if waiting == 1 else "wait"
    mine = (
        Markup('<b><a href="{href}">{many}</a></b> {verb} for you.').format(
            href=f"{ADDRESS}?which=mine", many=many, verb=verb
        )
        if waiting
        else Markup("Nothing waits for you.")
    )
    requests = "One request is" if opened == 1 else f"{opened:,} requests are"
    return Markup("{mine} {requests} open in all. Each is opened and answered by itself.").format(
        mine=mine, requests=requests
    )


LIST: Final = Listing[Request](
    area=AREA,
    place="",
    title="Approvals",
    says="What waits for the reader, what waits for others, and what was decided.",
    columns=(
        Column("What is asked", sort="what"),
        Column("About", sort="about", hide_narrow=True),
        Column("State", sort="state"),
        Column("Still needed", sort="needed", hide_narrow=True),
        Column("Asked by", sort="author", hide_narrow=True),
        Column("Until", sort="until"),
    ),
    read=_read,
    cells=_cells,
    lede=_lede,
    picks=False,
    filters=(
        Filter(
            "which",
            "Which requests",
            (
                ("mine", "Waiting for you"),
                ("open", "All open"),
                ("held", "Calls held"),
                ("decided", "Decided"),
                ("all", "All"),
            ),
            tabs=True,
        ),
    ),
    actions=(Action("Who answers for whom", f"{ADDRESS}/delegations"),),
    empty=Empty(
        "Nothing here",
        "Releases, policies, held calls and other changes ask for a yes here, bound to exactly "
        "what they would change.",
        line="muniment approvals list --state open",
    ),
    empty_in={
        "mine": Empty(
            "Nothing waits for you",
            "When somebody asks for a yes that you can give, it stands here, the most urgent "
            "first.",
            href=f"{ADDRESS}?which=open",
            link="See what waits for others",
        )
    },
)
