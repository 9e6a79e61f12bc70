"""Changes of the detector: the list, asking for one, and putting an approved one in force."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import access, detect
from muniment.access import Scope
from muniment.core.errors import ForbiddenError, InvalidError, NotFoundError
from muniment.core.page import Page
from muniment.db import Work
from muniment.detect import OpenTexts, Proposal
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, do_act, read_day
from muniment.web.callers import require_visitor
from muniment.web.cells import Area, Cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.parts import Column
from muniment.web.vault import safe_of

DETECTION: Final = "/console/detect"
ADDRESS: Final = f"{DETECTION}/changes"
CRUMBS: Final = (("Detection", DETECTION), ("Changes", ADDRESS))
TONES: Final = {
    "waiting": "look",
    "approved": "info",
    "in_force": "ok",
    "denied": "stop",
    "overtaken": "unknown",
    "lapsed": "unknown",
    "withdrawn": "unknown",
    "earlier": "unknown",
    "ended": "unknown",
}
_WITHIN: Final = Scope.of(console="detect")
AREA: Final = Area(ADDRESS, _WITHIN, "detect.read")


def routes() -> list[Route]:
    """List the addresses of changes."""
    return [
        *LIST.routes(),
        *_routes(propose_act, _do_propose),
        *_routes(apply_act, _do_apply),
    ]


def place_cell(system: str) -> Cell:
    """Name whose detector it is."""
    return Cell(system, kind="code") if system else Cell("all systems")


def _read(work: Work, typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Proposal]:
    return detect.proposals(work, system=typed.get("system", ""), limit=limit, cursor=cursor)


def _cells(work: Work, found: Sequence[Proposal]) -> list[tuple[Cell, ...]]:
    names = access.named(work, [each.author for each in found])
    return [
        (
            Cell(each.reason, f"{ADDRESS}/{each.id}"),
            tag_cell(detect.state_of(work, each).value, TONES),
            place_cell(each.system),
            Cell(names.get(each.author, each.author)),
            time_cell(each.expires_at, "no end"),
        )
        for each in found
    ]


def _propose_sheet(work: Work, typed: Typed) -> Sheet:
    system = typed.get("system", "")
    now = detect.in_force(work, system)
    return Sheet(
        title="Ask for a change of the detector",
        lede="It is measured before and after, and holds only after the yes of a peer.",
        button="Measure and ask",
        fields=(
            Field(
                "configuration",
                "Configuration",
                kind="textarea",
                hint="What holds now stands here; empty is the usual. TOML, for example:"
                ' without = ["VEHICLE"], or allowed = [{ text = "desk@example.com" }].',
                value=detect.write_configuration(now),
                required=False,
            ),
            Field(
                "system",
                "System",
                hint="Id of a system; empty: all systems.",
                value=system,
                required=False,
            ),
            Field("owner", "Owner", hint="Who answers for the change: a person or a team."),
            Field("reason", "Why", kind="textarea", hint="10 characters at least."),
            Field(
                "expires_at",
                "Ends on",
                kind="date",
                hint="A change that finds less needs an end, a year away at most.",
                required=False,
            ),
        ),
        consequences=(
            "Your change is measured on every case here and on the sets of the product.",
            "Somebody of compliance is asked; nothing changes before their yes.",
        ),
        back=ADDRESS,
        crumbs=CRUMBS,
    )


def _propose(work: Work, typed: Typed, texts: OpenTexts) -> Outcome:
    made = detect.propose(
        work,
        detect.read_configuration(typed.get("configuration", "")),
        texts,
        owner=typed.get("owner", ""),
        reason=typed.get("reason", ""),
        system=typed.get("system", ""),
        expires_at=read_day(typed, "expires_at", required=False),
    )
    return f"{ADDRESS}/{made.id}"


def _apply_sheet(work: Work, typed: Typed) -> Sheet:
    asked = detect.proposal(work, typed["change_id"])
    ends = f"It ends by itself on {asked.expires_at:%Y-%m-%d}." if asked.expires_at else ""
    place = asked.system or "all systems"
    return Sheet(
        title="Put this change in force",
        lede="It must have the yes of a peer to exactly this.",
        button="Put in force",
        facts=(("Why", Cell(asked.reason)), ("Exactly", Cell(asked.configuration.digest))),
        consequences=tuple(
            line
            for line in (
                f"It holds for {place} from the next scan on.",
                *(f"It finds less: {way}." for way in asked.loosens),
                ends,
            )
            if line
        ),
        back=f"{ADDRESS}/{asked.id}",
        crumbs=(*CRUMBS, (asked.id, f"{ADDRESS}/{asked.id}")),
    )


def _apply(work: Work, typed: Typed, texts: OpenTexts) -> Outcome:
    detect.apply(work, typed["change_id"], texts)
    return f"{ADDRESS}/{typed['change_id']}"


LIST: Final = Listing[Proposal](
    area=AREA,
    place="",
    title="Changes of the detector",
    says="Each change has an owner, figures before and after, mostly an end, and a peer's yes.",
    columns=(
        Column("Why it changes", sort="why"),
        Column("Stands", sort="stands"),
        Column("For", sort="for"),
        Column("Asked by", sort="author", hide_narrow=True),
        Column("Until", sort="until", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    empty=Empty(
        "No change yet",
        "The detector works as it comes. Allow a text, add your own terms, or move a threshold.",
        href=f"{ADDRESS}/new",
        link="Ask for a change",
    ),
    filters=(Filter("system", "System", placeholder="Id of a system"),),
    actions=(Action("Ask for a change", f"{ADDRESS}/new", "detect.calibrate", "main"),),
)


def propose_act(texts: OpenTexts) -> Act:
    """Give the asking for a change, with the texts that it is measured on."""
    return Act(
        AREA,
        "new",
        "Ask for a change of the detector.",
        "detect.calibrate",
        _propose_sheet,
        lambda work, typed: _propose(work, typed, texts),
        None,
    )


def apply_act(texts: OpenTexts) -> Act:
    """Give the putting in force of a change, with the texts that it is measured on."""
    return Act(
        AREA,
        "{change_id}/apply",
        "Put an approved change of the detector in force.",
        "detect.configure",
        _apply_sheet,
        lambda work, typed: _apply(work, typed, texts),
        None,
    )


async def _do_propose(request: Request) -> Response:
    """Ask for a change of the detector, once the texts of its cases are opened on record."""
    system = str((await request.form()).get("system", "")).strip()
    actor = require_visitor(request).actor
    texts = await _opened(partial(detect.open_texts, safe_of(request), actor, system=system))
    return await do_act(propose_act(texts), request)


async def _do_apply(request: Request) -> Response:
    """Put an approved change in force, once the texts of its cases are opened on record."""
    actor, change_id = require_visitor(request).actor, request.path_params["change_id"]
    texts = await _opened(partial(detect.open_texts_of, safe_of(request), actor, change_id))
    return await do_act(apply_act(texts), request)


async def _opened(verb: Callable[[], OpenTexts]) -> OpenTexts:
    """Open texts for who may; whoever may not is told so by the act itself, beside its field."""
    try:
        return await to_thread.run_sync(verb)
    except (ForbiddenError, InvalidError, NotFoundError):
        return OpenTexts()


def _routes(
    act: Callable[[OpenTexts], Act], do: Callable[[Request], Awaitable[Response]]
) -> list[Route]:
    """List the page of an act, and the doing, which opens texts first."""
    show = act(OpenTexts()).routes()[0]
    return [show, Route(show.path, do, methods=["POST"])]
