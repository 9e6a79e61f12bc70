"""The trust boundary of a system: its drawing, what it states, what is wrong, how it changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.routing import Route

from muniment import registry
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.registry import Action, ComponentSort, Profile, Stated, System, SystemState
from muniment.web.cells import Cell, time_cell
from muniment.web.lists import Action as Button
from muniment.web.lists import Empty
from muniment.web.parts import Column, DiffLine, diff_lines
from muniment.web.registry.cells import AREA, SYSTEMS, people, short
from muniment.web.registry.layout import draw
from muniment.web.shows import Difference, Inset, Page, Section, Show

_CRUMBS: Final = (("Systems", SYSTEMS),)
_STORES: Final = (
    *(ComponentSort.EMBEDDING_STORE, ComponentSort.CACHE, ComponentSort.DATA_STORE),
    ComponentSort.PROMPT_LOG,
)
_WIDE_PX, _NARROW_PX = 1060.0, 316.0


def routes() -> list[Route]:
    """List the page of a boundary."""
    return SHOW.routes()


def _page(work: Work, asked: Mapping[str, str]) -> Page:
    system = registry.get_system(work, asked["system_id"])
    told = changes_of(registry.stated(work, system.id))
    number = _number(asked.get("version", ""), told[-1].number, [each.number for each in told])
    at = next(i for i, each in enumerate(told) if each.number == number)
    profile = told[at].profile
    here = f"{SYSTEMS}/{system.id}"
    missing = registry.missing_components(
        profile, [each.kind for each in registry.parts_of(work, system.id)]
    )
    return Page(
        title=f"Boundary of {system.key}",
        lede=_lede(profile, missing),
        crumbs=(*_CRUMBS, (system.profile.name, here)),
        insets=(map_of(profile),) if profile.components else (),
        sections=(
            _wrong(profile, missing),
            _listed("Entry points", profile, lambda each: each.entry_point),
            _listed("Stores and retained logs", profile, lambda each: each.sort in _STORES),
            _listed("What it can set off", profile, lambda each: each.action is not Action.NONE),
            _components(profile),
            _flows(profile),
            _history(work, told, here),
        ),
        differences=_differences(told, at),
        actions=_actions(system, here),
    )


def _actions(system: System, here: str) -> tuple[Button, ...]:
    if system.state is SystemState.RETIRED:
        return ()
    return (Button("Change the boundary", f"{here}/boundary/edit", "registry.change", "main"),)


SHOW: Final = Show(
    AREA, "systems/{system_id}/boundary", "Show the trust boundary of a system.", _page
)


def map_of(profile: Profile) -> Inset:
    """Draw a boundary, for wide and for narrow pages."""
    parts, flows = profile.components, profile.flows
    says = f"{len(parts)} components and {len(flows)} flows; the tables below say the same."
    return Inset(
        "Trust boundary",
        "registry/map.html",
        {
            "wide": draw(parts, flows, per_row=min(4, max(2, len(parts))), width=_WIDE_PX),
            "narrow": draw(parts, flows, per_row=1, width=_NARROW_PX),
            "label": f"Trust boundary of {profile.name}",
            "says": says,
        },
        note="what stands below the line is run by others",
    )


def changes_of(stated: Sequence[Stated]) -> tuple[Stated, ...]:
    """Keep the statements in which the boundary changed, the first one first."""
    found: list[Stated] = []
    for each in stated:
        if not found or boundary_document(found[-1].profile) != boundary_document(each.profile):
            found.append(each)
    return tuple(found)


def boundary_document(profile: Profile) -> dict[str, Any]:
    """Write what a profile says of its boundary, by names, so that differences can be read."""
    told = registry.profile_document(profile)
    return {
        "components": {each["name"]: _stated(each) for each in told["components"]},
        "environments": {each["name"]: str(each["stage"]) for each in told["environments"]},
        "flows": {
            f"{each['source']} → {each['target']}": ", ".join(each["data_classes"]) or "not stated"
            for each in told["flows"]
        },
    }


def _stated(component: Mapping[str, Any]) -> dict[str, str]:
    """Write what is stated of a component, each thing as a text."""
    return {
        name: ", ".join(value) if isinstance(value, (list, tuple)) else str(value)
        for name, value in component.items()
        if value and name != "name" and str(value) != "none"
    }


def _lede(profile: Profile, missing: Sequence[str]) -> str:
    found = len(registry.remarks(profile))
    if not profile.components:
        return "No boundary is stated, so nothing can be told about it."
    if missing:
        return f"The boundary does not show {', '.join(missing)}; {found} findings besides."
    return f"{len(profile.components)} components are told; {found or 'no'} findings."


def _wrong(profile: Profile, missing: Sequence[str]) -> Section:
    said = [
        *(f"the boundary does not show {each}" for each in missing),
        *registry.remarks(profile),
    ]
    unknown = [each.name for each in profile.components if not each.environments]
    if unknown and len(profile.environments) > 1:
        said.append(f"where they stand is not stated: {', '.join(unknown)}")
    rows = tuple((Cell(f"{each[:1].upper()}{each[1:]}."),) for each in said)
    return Section("Findings", (Column("What"),), rows, Empty("Nothing is wrong", ""), width="c6")


def _listed(title: str, profile: Profile, wanted: Any) -> Section:  # noqa: ANN401 a test of a component
    rows = tuple(
        (
            Cell(each.name),
            Cell(each.sort.value.replace("_", " ")),
            Cell(_marks(each)),
        )
        for each in profile.components
        if wanted(each)
    )
    columns = (Column("Component"), Column("What it is"), Column("What is stated"))
    return Section(title, columns, rows, Empty("None is stated", ""), width="c6")


def _marks(each: registry.Component) -> str:
    marks = []
    if each.retained_days:
        marks.append(f"kept {each.retained_days:,} days")
    elif each.sort in _STORES:
        marks.append("how long is not stated")
    if each.action is not Action.NONE:
        marks.append(each.action.value)
    marks += each.data_classes
    return ", ".join(marks) or "nothing more"


def _components(profile: Profile) -> Section:
    rows = tuple(
        (
            Cell(each.name),
            Cell(each.sort.value.replace("_", " ")),
            Cell(", ".join(each.environments) or "not stated"),
            Cell(each.vendor or "own"),
            Cell(", ".join(each.data_classes) or "none stated"),
            Cell(", ".join(each.made_of) or "nothing named"),
        )
        for each in profile.components
    )
    names = ("Component", "What it is", "Environments", "Vendor", "Data", "Made of")
    return Section(
        "Components",
        tuple(Column(name) for name in names),
        rows,
        Empty("No boundary is stated", "State its components and the data that flows."),
        width="c12",
    )


def _flows(profile: Profile) -> Section:
    vendors = {each.name: each.vendor for each in profile.components}
    rows = tuple(
        (
            Cell(each.source),
            Cell(each.target),
            Cell(", ".join(each.data_classes) or "none stated"),
            Cell(vendors.get(each.target, "") or "nobody else"),
        )
        for each in profile.flows
    )
    names = ("From", "To", "Data", "Goes to")
    columns = tuple(Column(name) for name in names)
    return Section("Flows", columns, rows, Empty("No flows are stated", ""), width="c12")


def _history(work: Work, told: Sequence[Stated], here: str) -> Section:
    names = people(work, [each.author for each in told])
    rows = tuple(
        (
            Cell(f"{each.number}", f"{here}/boundary?version={each.number}", kind="number"),
            Cell(f"{len(each.profile.components)} components, {len(each.profile.flows)} flows"),
            Cell(names.get(each.author, each.author)),
            time_cell(each.made_at),
            Cell(short(each.digest), kind="code"),
        )
        for each in reversed(told)
    )
    columns = (
        Column("Statement", number=True),
        Column("Boundary"),
        Column("By"),
        Column("Stated", hide_narrow=True),
        Column("Digest", hide_narrow=True),
    )
    return Section("History", columns, rows, Empty("No statement", ""), width="c12")


def _differences(told: Sequence[Stated], at: int) -> tuple[Difference, ...]:
    if at == 0:
        return ()
    title = f"What statement {told[at].number} changed in the boundary"
    return (Difference(title, difference_of(told[at - 1].profile, told[at].profile)),)


def difference_of(before: Profile, after: Profile) -> tuple[DiffLine, ...]:
    """Tell line by line how one boundary differs from another."""
    return diff_lines(_text(before), _text(after))


def _text(profile: Profile) -> str:
    return "\n".join(registry.document_lines(boundary_document(profile)))


def _number(text: str, otherwise: int, known: Sequence[int]) -> int:
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) in known):
        raise InvalidError(
            "this is no statement of the boundary",
            field="version",
            remedy="Choose one of its history.",
        )
    return int(text)


def boundary_link(system: System) -> str:
    """Give the page of a system's boundary."""
    return f"{SYSTEMS}/{system.id}/boundary"
