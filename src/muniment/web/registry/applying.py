"""A repository's muniment.yaml comes in by two forms: one shows the plan, one does exactly it.

The very first system may be made so by whoever set the installation up; after that it takes a role
that registers systems, as everywhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from starlette.routing import Route

from muniment import access, gateway, registry
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.registry import Plan, PlannedSort
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed
from muniment.web.cells import Area, Cell
from muniment.web.registry.cells import ADDRESS, AREA, SYSTEMS

_HERE: Final = f"{ADDRESS}/apply"
_OWN: Final = Area(ADDRESS, AREA.scope, "")
_CRUMBS: Final = (("Systems", SYSTEMS),)
_REASON: Final = "as the repository declares"
_SAYS: Final = {
    PlannedSort.REGISTER: "Register",
    PlannedSort.STATE: "State anew",
    PlannedSort.HAND_OVER: "Hand over",
    PlannedSort.WRITE: "Write a version of",
    PlannedSort.DRAFT: "Draft a change request",
}
_FIRST: Final = (
    "It is the first system here: you make it alone, and the record says that nobody approved it.",
    "In its development environment a model named echo serves, which says back what it is told.",
    "What the file wants to serve is drafted as a change, and waits for the yes of others.",
)
_LATER: Final = (
    "What serves stays as it is; what shall serve instead waits for the yes of others.",
)


def routes() -> list[Route]:
    """List the pages of both forms."""
    return [*PLAN.routes(), *APPLY.routes()]


def _require(work: Work) -> None:
    access.require(work, gateway.MAY_BEGIN if gateway.is_first(work) else "registry.register")


def _sheet(work: Work, _typed: Typed) -> Sheet:
    _require(work)
    return Sheet(
        title="Import a muniment.yaml",
        lede="A repository declares its system in this file. First you see what would be done.",
        button="Show the plan",
        fields=(
            Field(
                "file",
                "muniment.yaml",
                kind="file",
                hint="If it names other files, use `muniment registry apply` in the repository.",
            ),
        ),
        back=SYSTEMS,
        crumbs=_CRUMBS,
        action=_HERE,
    )


def _plan(work: Work, typed: Typed) -> Outcome:
    _require(work)
    text = typed.get("file", "") or typed.get("text", "")
    return _shown(text, _planned(work, text), first=gateway.is_first(work))


def _planned(work: Work, text: str) -> Plan:
    if not text.strip():
        raise InvalidError("there is no file", field="file", remedy="Choose a muniment.yaml.")
    desired = registry.read_desired_text(text)
    return (
        gateway.plan_first(work, desired)
        if gateway.is_first(work)
        else registry.plan(work, desired)
    )


def _shown(text: str, found: Plan, *, first: bool) -> Sheet:
    steps = tuple(
        (f"{number}. {_SAYS[each.sort]}", Cell(each.what, note="; ".join(each.lines)))
        for number, each in enumerate(found.steps, 1)
    )
    waiting = tuple(("Under way", Cell(each)) for each in found.waiting)
    return Sheet(
        title=f"The plan for {found.key}",
        lede=f"{len(found.steps)} {'step' if len(found.steps) == 1 else 'steps'}. Nothing is done "
        "yet; what is done is exactly this, or nothing."
        if found.steps
        else "The registry is as the file says; nothing is to be done.",
        button="Do exactly this",
        fields=(
            Field("text", "", kind="hidden", value=text),
            Field("plan", "", kind="hidden", value=str(found.digest), fresh=True),
        ),
        consequences=_FIRST if first else _LATER,
        facts=(*steps, *waiting, ("Plan", Cell(str(found.digest), kind="code"))),
        back=_HERE,
        crumbs=(*_CRUMBS, ("Import a muniment.yaml", _HERE)),
        action=f"{_HERE}/plan",
    )


def _apply_sheet(work: Work, typed: Typed) -> Sheet:
    _require(work)
    text = typed.get("text", "")
    if not text:
        return replace(_sheet(work, typed), title="Show the plan first")
    return _shown(text, _planned(work, text), first=gateway.is_first(work))


def _apply(work: Work, typed: Typed) -> Outcome:
    _require(work)
    desired, expected = registry.read_desired_text(typed.get("text", "")), typed.get("plan", "")
    if gateway.is_first(work):
        gateway.begin_from_file(work, desired, expected=expected)
        return "/console/begin"
    made = registry.apply(work, desired, reason=_REASON, expected=expected)
    return f"{SYSTEMS}/{made.system.id}"


PLAN: Final = Act(_OWN, "apply", "Show what a muniment.yaml would become.", "", _sheet, _plan)
APPLY: Final = Act(
    _OWN,
    "apply/plan",
    "Do exactly what the plan of a muniment.yaml says.",
    "",
    _apply_sheet,
    _apply,
)
