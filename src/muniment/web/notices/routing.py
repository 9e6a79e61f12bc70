"""Routes: which records are told to whom, in which words, how soon, and what if nobody looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from starlette.routing import Route as WebRoute

from muniment import access, ledger, notices
from muniment.core.page import Page
from muniment.db import Work
from muniment.notices import Route, Severity
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, choices, refuse
from muniment.web.cells import Cell, tag_cell
from muniment.web.lists import Action, Empty, Listing
from muniment.web.notices.channels import version_of
from muniment.web.notices.drawing import (
    ADDRESS,
    ALL,
    MANAGE,
    ROUTES,
    SCOPE,
    SEVERITIES,
    SEVERITY_OPTIONS,
    minutes_said,
    severity_cell,
)
from muniment.web.notices.mine import severity_of
from muniment.web.parts import Column
from muniment.web.shows import Page as ShownPage
from muniment.web.shows import Show

_CRUMBS: Final = (("Notices", ADDRESS), ("Routes", ROUTES))


def routes() -> list[WebRoute]:
    """List the pages of routes."""
    return [*LIST.routes(), *NEW.routes(), *SHOW.routes(), *CHANGE.routes()]


def _read(work: Work, _typed: Mapping[str, str], _cursor: str | None, _limit: int) -> Page[Route]:
    return Page(notices.routes(work))


def _cells(_work: Work, found: Sequence[Route]) -> list[tuple[Cell, ...]]:
    return [
        (
            Cell(each.name, f"{ROUTES}/{each.name}"),
            Cell(each.title),
            tag_cell(each.severity.value, SEVERITIES),
            Cell(_whom(each.to), whole=", ".join(each.to)),
            Cell(_passed_up(each)),
            _state(each),
        )
        for each in found
    ]


def _whom(named: Sequence[str]) -> str:
    """Say in words who is told; how it is written stands on hover and in the form."""
    return ", ".join(_one_of(each) for each in named)


def _one_of(named: str) -> str:
    sort, _, name = named.partition(":")
    words = {
        "role": "everybody with the role {}",
        "roles": "everybody with the {} the record names",
        "permission": "whoever may {}",
        "field": "the {} of the record",
        "team": "the team {}",
        "person": "the person {}",
    }
    return (
        words[sort].format(name.replace("_", " ") if sort == "field" else name)
        if sort in words
        else named
    )


def _passed_up(route: Route) -> str:
    if not route.escalate_seconds:
        return ""
    return f"{route.escalate_to} after {minutes_said(route.escalate_seconds)}"


def _state(route: Route) -> Cell:
    if not route.active:
        return Cell("off", kind="tag")
    return Cell("on", kind="tag", tone="ok", note="" if route.built_in else "set here")


LIST: Final = Listing[Route](
    area=ALL,
    place="routes",
    title="Routes",
    says="Which records of the ledger are told to whom. Those there from the start can be changed "
    "or turned off, and any kind of record can have one of its own.",
    columns=(
        Column("Name", sort="name"),
        Column("What is said", sort="title"),
        Column("Severity", sort="severity"),
        Column("To", sort="to", hide_narrow=True),
        Column("If nobody looks", sort="up", hide_narrow=True),
        Column("State", sort="state"),
    ),
    read=_read,
    cells=_cells,
    empty=Empty("No routes", "Nobody is told of anything."),
    actions=(Action("Make a route", f"{ROUTES}/new", MANAGE, "main"),),
    order="by name",
)


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    route = notices.route(work, asked["name"])
    field, values = route.when
    condition = f"{field} is {' or '.join(values) or 'something'}" if field else "always"
    return ShownPage(
        title=route.name,
        lede=f"Says “{route.title}”.",
        crumbs=_CRUMBS,
        state=_state(route),
        facts=(
            ("Records", Cell(", ".join(route.kinds), kind="code")),
            ("When", Cell(condition)),
            ("Severity", severity_cell(route.severity)),
            ("To", Cell(_whom(route.to), whole=", ".join(route.to))),
            (
                "But not",
                Cell(f"whom the record names as {' or '.join(route.but)}" if route.but else ""),
            ),
            ("Gathers for", Cell(minutes_said(route.group_seconds))),
            ("If nobody looks", Cell(_passed_up(route) or "nothing more")),
            ("Settled by", Cell(", ".join(route.settles), kind="code")),
            ("Leads to", Cell(route.href or "the entry of the ledger", kind="code")),
        ),
        actions=(Action("Change it", f"{ROUTES}/{route.name}/change", MANAGE, "main"),),
    )


SHOW: Final = Show(ALL, "routes/{name}", "Show a route.", _page)


def _fields(work: Work, route: Route) -> tuple[Field, ...]:
    roles = tuple((name, name) for name in access.all_roles(work))
    return (
        Field("title", "What is said", value=route.title, hint="A line without names or content."),
        Field(
            "severity",
            "Severity",
            kind="select",
            value=route.severity.value,
            options=SEVERITY_OPTIONS,
        ),
        Field(
            "to",
            "To",
            kind="textarea",
            value="\n".join(route.to),
            hint="One a line: role:security, person:per_…, permission:approvals.decide, or "
            "field:author for whom a field of the record names.",
        ),
        Field("group_seconds", "Gathers for, in seconds", "number", value=str(route.group_seconds)),
        Field(
            "escalate_seconds",
            "Passed up after, in seconds",
            "number",
            value=str(route.escalate_seconds),
            hint="0: it is not passed up.",
        ),
        Field(
            "escalate_to",
            "Passed up to",
            kind="select",
            value=route.escalate_to,
            required=False,
            options=choices(roles, "Nobody"),
        ),
        Field(
            "state",
            "State",
            kind="select",
            value="on" if route.active else "off",
            options=(("on", "on"), ("off", "off")),
        ),
    )


def _change_sheet(work: Work, typed: Typed) -> Sheet:
    route = notices.route(work, typed["name"])
    return Sheet(
        title=f"Change {route.name}",
        lede="From the next record on. What was told stays as it was told.",
        button="Save it",
        fields=(
            *_fields(work, route),
            Field("version", "", kind="hidden", value=str(route.version)),
        ),
        back=f"{ROUTES}/{route.name}",
        crumbs=(*_CRUMBS, (route.name, f"{ROUTES}/{route.name}")),
    )


def _changed(route: Route, typed: Typed) -> Route:
    return replace(
        route,
        title=typed.get("title", ""),
        severity=severity_of(typed, "severity"),
        to=tuple(typed.get("to", "").split()),
        group_seconds=_number(typed, "group_seconds"),
        escalate_seconds=_number(typed, "escalate_seconds"),
        escalate_to=typed.get("escalate_to", ""),
        active=typed.get("state") == "on",
    )


def _change(work: Work, typed: Typed) -> Outcome:
    route = notices.route(work, typed["name"])
    saved = notices.set_route(work, replace(_changed(route, typed), version=version_of(typed)))
    return f"{ROUTES}/{saved.name}"


CHANGE: Final = Act(
    ALL,
    "routes/{name}/change",
    "Change a route.",
    MANAGE,
    _change_sheet,
    _change,
    within=SCOPE,
)


def _new_sheet(work: Work, _typed: Typed) -> Sheet:
    kinds = tuple((name, name) for name in ledger.all_kinds())
    blank = Route("", (), Severity.INFO, "", ())
    return Sheet(
        title="Make a route",
        lede="From the next record on, people are told of a kind of record.",
        button="Make it",
        fields=(
            Field("name", "Name", placeholder="new-teams", hint="Small letters and dashes."),
            Field("kind", "Record", kind="select", options=choices(kinds)),
            *_fields(work, blank),
        ),
        back=ROUTES,
        crumbs=_CRUMBS,
    )


def _make(work: Work, typed: Typed) -> Outcome:
    if not typed.get("kind"):
        refuse("kind", "no record is chosen", "Choose one of the list.")
    blank = Route(typed.get("name", ""), (typed["kind"],), Severity.INFO, "", ())
    saved = notices.set_route(work, _changed(blank, typed))
    return f"{ROUTES}/{saved.name}"


NEW: Final = Act(ALL, "routes/new", "Make a route.", MANAGE, _new_sheet, _make, within=SCOPE)


def _number(typed: Typed, name: str) -> int:
    text = typed.get(name, "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        refuse(name, "is not a whole number", "Give seconds, such as 60.")
    return int(text)
