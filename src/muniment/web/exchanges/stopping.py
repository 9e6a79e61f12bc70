"""The kill switch: what is stopped, by whom, why and since when; stop, and let go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from starlette.routing import Route

from muniment import access, exchanges, registry
from muniment.core.page import Page
from muniment.db import Work
from muniment.exchanges import RULE, Stop, StopKind
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, choices, refuse
from muniment.web.cells import Cell, time_cell
from muniment.web.exchanges.cells import ADDRESS, AREA, CRUMBS
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.parts import Column
from muniment.web.undoing import Done

STOPS: Final = f"{ADDRESS}/stops"
_CRUMBS: Final = (*CRUMBS, ("Stops", STOPS))
_REASON: Final = Field("reason", "Why", kind="textarea", hint="It stands in the record.")
_LONGEST_SHOWN: Final = 60


def routes() -> list[Route]:
    """List the pages of stops."""
    return [*LIST.routes(), *STOP.routes(), *RESUME.routes()]


def _read(work: Work, typed: Mapping[str, str], _cursor: str | None, _limit: int) -> Page[Stop]:
    found = exchanges.stops(work, ended=typed["ended"] == "yes")
    return Page(tuple(each for each in found if typed["kind"] in ("", each.kind.value)), None)


def _cells(work: Work, found: Sequence[Stop]) -> list[tuple[Cell, ...]]:
    names = access.named(work, [each.stopped_by for each in found])
    systems = registry.keys_of(work, [each.name for each in found])
    return [
        (
            Cell(f"{each.kind.value} {systems.get(each.name, each.name)}".strip()),
            Cell("stopped", kind="tag", tone="stop")
            if each.ended_at is None
            else Cell("goes on", kind="tag", tone="ok", note=each.end_reason),
            time_cell(each.stopped_at),
            _by(each, names),
            Cell(each.reason),
            Cell("Let it go on", f"{STOPS}/{each.id}/resume")
            if each.ended_at is None
            else time_cell(each.ended_at),
        )
        for each in found
    ]


def _by(found: Stop, names: Mapping[str, str]) -> Cell:
    """Say who stopped it; a rule never looks like a human being."""
    if found.automatic:
        return Cell(f"rule {found.stopped_by.removeprefix(RULE)}", note="automatic, no human being")
    return Cell(names.get(found.stopped_by, found.stopped_by))


def _lede(work: Work) -> str:
    standing = exchanges.stops(work)
    if not standing:
        return "Nothing is stopped."
    if any(each.kind is StopKind.EVERYTHING for each in standing):
        return "Everything is stopped: no call gets through."
    if len(standing) == 1:
        return "1 thing is stopped; calls of it are refused."
    return f"{len(standing):,} things are stopped; calls of them are refused."


LIST: Final = Listing[Stop](
    area=AREA,
    place="stops",
    title="Stops",
    says="What is stopped at once, on every process: by whom, why and since when.",
    columns=(
        Column("What", sort="what"),
        Column("Stands", sort="stands"),
        Column("Since", sort="since"),
        Column("By", sort="by"),
        Column("Why", sort="why", hide_narrow=True),
        Column(""),
    ),
    read=_read,
    cells=_cells,
    empty=Empty(
        "Nothing is stopped",
        "Every system, model, provider, key and tool may be called as its policies allow.",
        line="muniment exchange stop system SYSTEM --reason …",
    ),
    filters=(
        Filter("kind", "What", (("", "any"), *((each.value, each.value) for each in StopKind))),
        Filter("ended", "Also what goes on", (("", "no"), ("yes", "yes"))),
    ),
    always_filters=True,
    actions=(Action("Stop something", f"{STOPS}/stop", "exchanges.stop", "stop"),),
    lede=_lede,
)


def _stop_sheet(_work: Work, typed: Typed) -> Sheet:
    kind, name = typed.get("kind", ""), typed.get("name", "")[:_LONGEST_SHOWN]
    thing = f"{kind} {name}".strip() or "something"
    return Sheet(
        title=f"Stop {thing}",
        lede="Calls of it are refused at once, until somebody lets it go on.",
        button=f"Stop {thing}",
        fields=(
            Field(
                "kind",
                "What",
                kind="select",
                options=choices([(each.value, each.value) for each in StopKind]),
                value=kind,
            ),
            Field(
                "name",
                "Its id or name",
                value=name,
                hint="Of a system or key its id; of a model, provider or tool its name.",
                required=False,
            ),
            _REASON,
        ),
        consequences=(
            "Every process refuses its calls within a second.",
            "Calls under way end as they would have.",
            "Callers are told that it is stopped, not why.",
            "Only security, or the owner of a system, lets it go on.",
        ),
        tone="stop",
        back=STOPS,
        crumbs=_CRUMBS,
    )


def _stop(work: Work, typed: Typed) -> Outcome:
    kind = typed.get("kind", "")
    if kind not in {each.value for each in StopKind}:
        refuse("kind", "there is nothing to stop", "Choose one of the list.")
    made = exchanges.stop(
        work, StopKind(kind), typed.get("name", ""), reason=typed.get("reason", "")
    )
    what = f"{made.kind.value} {made.name}".strip()
    return Done(STOPS, f"Stopped: {what}.", f"{STOPS}/{made.id}/resume", "Let it go on")


def _resume_sheet(work: Work, typed: Typed) -> Sheet:
    found = exchanges.get_stop(work, typed["stop_id"])
    names = access.named(work, [found.stopped_by])
    return Sheet(
        title=f"Let {found.kind.value} {found.name}".strip() + " go on",
        lede=f"It was stopped because: {found.reason}",
        button="Let it go on",
        fields=(_REASON,),
        consequences=(
            "Every process lets its calls through again within a second.",
            "Other stops of the same thing stay.",
        ),
        facts=(
            ("Stopped by", _by(found, names)),
            ("Since", time_cell(found.stopped_at)),
        ),
        back=STOPS,
        crumbs=_CRUMBS,
    )


def _resume(work: Work, typed: Typed) -> Outcome:
    ended = exchanges.get_stop(work, typed["stop_id"])
    exchanges.resume(work, typed["stop_id"], reason=typed.get("reason", ""))
    again = urlencode({"kind": ended.kind.value, "name": ended.name})
    what = f"{ended.kind.value} {ended.name}".strip()
    return Done(STOPS, f"Goes on: {what}.", f"{STOPS}/stop?{again}", "Stop it again")


STOP: Final = Act(
    AREA,
    "stops/stop",
    "Stop calls of something at once.",
    "exchanges.stop",
    _stop_sheet,
    _stop,
    within=None,
)
RESUME: Final = Act(
    AREA,
    "stops/{stop_id}/resume",
    "Let what was stopped go on.",
    "exchanges.resume",
    _resume_sheet,
    _resume,
    within=None,
)
