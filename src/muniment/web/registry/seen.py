"""What was seen in traffic: the list, one of it, and the two ways to settle it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.routing import Route

from muniment import registry
from muniment.core.page import Page
from muniment.db import Work
from muniment.registry import Sighting, SightingQuery, SightingSort, SightingState
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed
from muniment.web.cells import Cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.parts import Column
from muniment.web.registry.cells import ADDRESS, AREA, SYSTEMS, people, records, short, system_cell
from muniment.web.registry.views import SAVE_VIEW, shown_views
from muniment.web.shows import Page as ShownPage
from muniment.web.shows import Show
from muniment.web.undoing import Done

SEEN: Final = f"{ADDRESS}/seen"
_CRUMBS: Final = (("Seen in traffic", SEEN),)
_TONES: Final = {"open": "look", "known": "ok", "registered": "ok", "not_ours": "unknown"}
_FINDINGS: Final = {"unregistered": "stop", "provider_changed": "stop", "not_serving": "look"}


def routes() -> list[Route]:
    """List the pages of what was seen."""
    acts = (REGISTER, NOT_OURS, REOPEN)
    return [*LIST.routes(), *(route for act in acts for route in act.routes()), *SHOW.routes()]


def _read(work: Work, typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Sighting]:
    query = SightingQuery(
        system_id=registry.id_of(work, typed["system"]),
        state=SightingState(typed["state"]) if typed["state"] else None,
        sort=SightingSort(typed["sort_of"]) if typed["sort_of"] else None,
        environment=typed["environment"],
    )
    return registry.find_sightings(work, query, limit=limit, cursor=cursor)


def _cells(work: Work, found: Sequence[Sighting]) -> list[tuple[Cell, ...]]:
    keys = registry.keys_of(work, [each.system_id for each in found])
    return [
        (
            Cell(_named(each), f"{SEEN}/{each.id}", note=each.sort.value),
            tag_cell(each.finding, _FINDINGS) if each.finding else Cell("nothing wrong"),
            tag_cell(each.state.value, _TONES),
            system_cell(keys, each.system_id),
            Cell(each.environment),
            time_cell(each.first_seen_at),
        )
        for each in found
    ]


LIST: Final = Listing[Sighting](
    area=AREA,
    place="seen",
    title="Seen in traffic",
    says="Every model, prompt and tool that went through the gateway, beside what is registered.",
    columns=(
        Column("What", sort="what"),
        Column("Finding", sort="finding"),
        Column("State", sort="state"),
        Column("System", sort="system", hide_narrow=True),
        Column("Environment", sort="environment", hide_narrow=True),
        Column("First seen", sort="seen", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    empty=Empty("Nothing was seen yet", "What goes through the gateway is compared here."),
    filters=(
        Filter(
            "state",
            "State",
            (("", "any"), *((each.value, each.value.replace("_", " ")) for each in SightingState)),
        ),
        Filter("sort_of", "Sort", (("", "any"), *((e.value, e.value) for e in SightingSort))),
        Filter("system", "System", placeholder="key or id"),
        Filter("environment", "Environment"),
    ),
    views=shown_views("seen", SEEN),
    save_view=SAVE_VIEW,
)


def _named(found: Sighting) -> str:
    return found.name or short(found.digest)


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    found = registry.get_sighting(work, asked["sighting_id"])
    names = people(work, [found.decided_by])
    keys = registry.keys_of(work, [found.system_id])
    here = f"{SEEN}/{found.id}"
    decided = names.get(found.decided_by, found.decided_by)
    is_open = not found.decided_by
    return ShownPage(
        title=_named(found),
        lede=_says(found),
        crumbs=_CRUMBS,
        state=tag_cell(found.state.value, _TONES),
        facts=(
            ("What", Cell(found.sort.value)),
            ("Digest", Cell(found.digest or "not known", kind="code")),
            ("Its provider calls it", Cell(found.reported or "not known")),
            *((("Before", Cell(found.reported_before)),) if found.reported_before else ()),
            ("System", system_cell(keys, found.system_id)),
            ("Environment", Cell(found.environment)),
            ("First seen", time_cell(found.first_seen_at)),
            *(() if is_open else (("Decided by", Cell(decided)), ("Why", Cell(found.reason)))),
            ("In the ledger", Cell("Every record about the system", _records(found))),
        ),
        actions=(
            Action("Register this", f"{here}/register", "registry.write", "main"),
            Action("Not ours, because …", f"{here}/not-ours", "registry.write"),
        )
        if found.state is SightingState.OPEN
        else (Action("It is ours after all", f"{here}/reopen", "registry.write"),)
        if found.state is SightingState.NOT_OURS
        else (),
    )


SHOW: Final = Show(AREA, "seen/{sighting_id}", "Show something that was seen in traffic.", _page)


def _records(found: Sighting) -> str:
    return records("system", found.system_id)


def _says(found: Sighting) -> str:
    if found.finding == "unregistered":
        return "It went through the gateway, and nobody registered it."
    if found.finding == "provider_changed":
        return "Its provider answers as another model than before, and nobody changed it here."
    if found.finding == "not_serving":
        return "It is registered, and does not serve where it was seen."
    return "It is registered, and serves where it was seen."


def _sheet(found: Sighting, title: str, button: str, fields: tuple[Field, ...]) -> Sheet:
    return Sheet(
        title=title,
        lede=_says(found),
        button=button,
        fields=fields,
        back=f"{SEEN}/{found.id}",
        crumbs=(*_CRUMBS, (_named(found), f"{SEEN}/{found.id}")),
        consequences=("The decision is kept with your name.",),
    )


def _register_sheet(work: Work, typed: Typed) -> Sheet:
    found = registry.get_sighting(work, typed["sighting_id"])
    fields = [Field("part", "Name of the part", value="main")]
    if found.sort is SightingSort.MODEL:
        fields.append(Field("provider", "Provider", hint="Who offers it."))
    if found.sort is SightingSort.PROMPT:
        hint = "Its digest must be the one that was seen."
        fields.append(Field("text", "Text of the prompt", kind="textarea", hint=hint, rows=8))
    return _sheet(found, f"Register {_named(found)}", "Register it", tuple(fields))


def _register(work: Work, typed: Typed) -> Outcome:
    found = registry.get_sighting(work, typed["sighting_id"])
    made = registry.register_seen(
        work,
        found.id,
        part=typed.get("part", ""),
        provider=typed.get("provider", ""),
        text=typed.get("text", ""),
    )
    return f"{SYSTEMS}/{made.system_id}/parts/{made.label}"


REGISTER: Final = Act(
    AREA,
    "seen/{sighting_id}/register",
    "Register what was seen as a version.",
    "registry.write",
    _register_sheet,
    _register,
    within=None,
)


def _not_ours_sheet(work: Work, typed: Typed) -> Sheet:
    found = registry.get_sighting(work, typed["sighting_id"])
    why = Field("reason", "Why", kind="textarea", hint="It stands in the record.")
    return _sheet(found, f"{_named(found)} is not ours?", "It is not ours", (why,))


def _not_ours(work: Work, typed: Typed) -> Outcome:
    found = registry.not_ours(work, typed["sighting_id"], reason=typed.get("reason", ""))
    here = f"{SEEN}/{found.id}"
    return Done(here, f"{_named(found)} is not ours.", f"{here}/reopen", "Let it be open again")


def _reopen_sheet(work: Work, typed: Typed) -> Sheet:
    found = registry.get_sighting(work, typed["sighting_id"])
    why = Field("reason", "Why", kind="textarea", hint="It stands in the record.")
    return _sheet(found, f"Let {_named(found)} be open again?", "Open it again", (why,))


def _reopen(work: Work, typed: Typed) -> Outcome:
    found = registry.reopen_seen(work, typed["sighting_id"], reason=typed.get("reason", ""))
    return f"{SEEN}/{found.id}"


REOPEN: Final = Act(
    AREA,
    "seen/{sighting_id}/reopen",
    "Take back that what was seen is not ours.",
    "registry.write",
    _reopen_sheet,
    _reopen,
    within=None,
)


NOT_OURS: Final = Act(
    AREA,
    "seen/{sighting_id}/not-ours",
    "Say why what was seen need not be registered.",
    "registry.write",
    _not_ours_sheet,
    _not_ours,
    within=None,
)
