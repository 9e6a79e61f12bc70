"""The list of systems, and the story of one: what it is, what serves, what changed, what lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.routing import Route

from muniment import registry
from muniment.core.page import Page
from muniment.db import Work
from muniment.registry import (
    ChangeQuery,
    Completeness,
    Profile,
    System,
    SystemQuery,
    SystemState,
)
from muniment.web.cells import Cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.parts import Column
from muniment.web.registry.called import called, person_cell
from muniment.web.registry.cells import (
    ADDRESS,
    AREA,
    CHANGE_STATES,
    CHANGES,
    STATES,
    SYSTEMS,
    bill_facts,
    interval_cells,
    people,
    records,
    shares_text,
)
from muniment.web.registry.files import files_of
from muniment.web.registry.timeline import timeline_of
from muniment.web.registry.views import SAVE_VIEW, shown_views
from muniment.web.shows import Inset, Section, Show
from muniment.web.shows import Page as ShownPage

_CRUMBS: Final = (("Systems", SYSTEMS),)
_SHOWN: Final = 20


def routes() -> list[Route]:
    """List the pages of systems."""
    return [*LIST.routes(), *SHOW.routes()]


def _read(work: Work, typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[System]:
    state = SystemState(typed["state"]) if typed["state"] else None
    query = SystemQuery(typed["words"], state, typed["owner"], typed["tier"])
    return registry.find_systems(work, query, limit=limit, cursor=cursor)


def _cells(work: Work, found: Sequence[System]) -> list[tuple[Cell, ...]]:
    names = people(work, [each.profile.owner for each in found])
    return [
        (
            Cell(each.profile.name, f"{SYSTEMS}/{each.id}", note=each.key),
            tag_cell(each.state.value, {state.value: tone for state, tone in STATES.items()}),
            Cell(each.tier or "not known", tone="" if each.tier else "unknown"),
            Cell(names.get(each.profile.owner, each.profile.owner)),
            time_cell(each.review_due_at, "never reviewed"),
        )
        for each in found
    ]


LIST: Final = Listing[System](
    area=AREA,
    place="systems",
    title="Systems",
    says="Every AI system that runs here or is about to, and who answers for it.",
    columns=(
        Column("System", sort="name"),
        Column("State", sort="state"),
        Column("Tier", sort="tier"),
        Column("Owner", sort="owner", hide_narrow=True),
        Column("Review holds until", sort="review", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    empty=Empty(
        "No systems yet",
        "Register the first one: what it is for, and who answers for it.",
        line="muniment registry register credit-score --profile profile.json",
        href=f"{SYSTEMS}/register",
        link="Register a system",
    ),
    filters=(
        Filter("words", "Words", placeholder="name, purpose, data"),
        Filter(
            "state",
            "State",
            (("", "any"), *((each.value, each.value.replace("_", " ")) for each in SystemState)),
        ),
        Filter("tier", "Tier", (("", "any"), *((each, each) for each in registry.TIERS))),
        Filter("owner", "Owner", placeholder="id or e-mail address"),
    ),
    actions=(
        Action("Register a system", f"{SYSTEMS}/register", "registry.register", "main"),
        Action("Import a muniment.yaml", f"{ADDRESS}/apply", "registry.register"),
        Action("Bring a sheet in", f"{ADDRESS}/import", "registry.write"),
        Action("Versions", f"{ADDRESS}/versions"),
        Action("Deployments", f"{ADDRESS}/deployments"),
    ),
    views=shown_views("systems", SYSTEMS),
    save_view=SAVE_VIEW,
)


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    system = registry.get_system(work, asked["system_id"])
    missing = registry.gaps(work, system)
    told = registry.completeness(work, system.id)
    here = f"{SYSTEMS}/{system.id}"
    return ShownPage(
        title=system.profile.name,
        lede=_lede(system, missing),
        crumbs=_CRUMBS,
        state=tag_cell(system.state.value, {one.value: tone for one, tone in STATES.items()}),
        facts=(*_facts(work, system), *called(work, system.id), *_compared(told)),
        insets=(_timeline(work, system),),
        beside=3,
        sections=(
            _serving(work, system, here),
            _missing(missing, system.id),
            _parts(work, system, here),
            _changes(work, system),
            _unseen(told, here),
            *files_of(work, system.id, here),
            _story(work, system),
            _boundary(system, here),
        ),
        actions=_actions(system, here),
    )


SHOW: Final = Show(AREA, "systems/{system_id}", "Show a system and its story.", _page)


def _lede(system: System, missing: Sequence[str]) -> str:
    state = system.state.value.replace("_", " ")
    if not missing:
        return f"It is {state}, and nothing that it must state is missing. {system.profile.purpose}"
    count = "one thing is" if len(missing) == 1 else f"{len(missing)} things are"
    return f"It is {state}; {count} missing. {system.profile.purpose}"


def _facts(work: Work, system: System) -> tuple[tuple[str, Cell], ...]:
    profile = system.profile
    named = {
        "Owner": profile.owner,
        "Reviewer of alerts": profile.alert_reviewer,
        "Approver of changes": profile.change_approver,
    }
    names = people(work, named.values())
    who = tuple((label, person_cell(work, names, one)) for label, one in named.items())
    unknown = "not known"
    return (
        ("Key", Cell(system.key, kind="code")),
        ("Id", Cell(system.id, kind="code")),
        *who,
        ("Tier", Cell(system.tier or unknown)),
        ("Autonomy", Cell(profile.autonomy.value.replace("_", " "))),
        ("Users affected", Cell(profile.users_affected or unknown)),
        ("Data", Cell(", ".join(profile.data_classes) or unknown)),
        ("Regions", Cell(", ".join(profile.regions) or unknown)),
        ("EU AI Act", Cell(_under_the_act(profile))),
        ("Decision logic", Cell(profile.decision_logic or unknown)),
        ("Refresh", Cell(profile.refresh or unknown)),
        ("Review holds until", time_cell(system.review_due_at, "never reviewed")),
        *((("Retired", time_cell(system.retired_at)),) if system.retired_at else ()),
        *(bill_facts(system.id) if registry.serving_now(work, system.id) else ()),
        ("In the ledger", Cell("Every record about it", records("system", system.id))),
    )


def _under_the_act(profile: Profile) -> str:
    """Say what the organisation is under the EU AI Act, and of which class the system is."""
    role = profile.role.value.replace("_", " ")
    return f"{role}; {profile.eu_class or 'not classified'}"


def _serving(work: Work, system: System, here: str) -> Section:
    rows = tuple(
        (
            Cell(each.environment),
            Cell(shares_text(each), f"{here}/at?environment={each.environment}", kind="code"),
            time_cell(each.starts_at),
        )
        for each in registry.serving_now(work, system.id)
    )
    return Section(
        "What serves now",
        (Column("Environment"), Column("Version sets"), Column("Since")),
        rows,
        Empty("Nothing serves", "Draft a change, have it approved, and promote it."),
        width="",
        href=f"{here}/at",
        link="On another day",
    )


def _timeline(work: Work, system: System) -> Inset:
    places = registry.environments_in_order(system.profile.environments)
    return timeline_of(work, system, environment=places[-1].name)


def _compared(told: Completeness) -> tuple[tuple[str, Cell], ...]:
    """Say in numbers how registry and traffic compare; no traffic is not nought."""
    if not told.sees_traffic:
        none = Cell("no traffic was seen yet", tone="unknown")
        return (("Seen, not settled", none), ("Registered, never seen", _unseen_count(told)))
    left = f"{ADDRESS}/seen?system={told.system_id}&state=open"
    return (
        ("Seen, not settled", Cell(f"{told.open}", left, kind="number")),
        ("Registered, never seen", _unseen_count(told)),
    )


def _unseen_count(told: Completeness) -> Cell:
    return Cell(f"{len(told.unseen)}", kind="number")


def _unseen(told: Completeness, here: str) -> Section:
    rows = tuple(
        (
            Cell(each.label, f"{here}/parts/{each.label}?version={each.number}", kind="code"),
            Cell(f"{each.number}", kind="number"),
            Cell("it serves" if each.serves else "the newest"),
        )
        for each in told.unseen
    )
    return Section(
        "Registered and never seen",
        (Column("Part"), Column("Version", number=True), Column("Why it is asked about")),
        rows,
        Empty("Everything was seen", "What serves was seen in traffic."),
        width="c6",
        href=f"{ADDRESS}/seen?system={told.system_id}",
        link="What was seen",
    )


def _missing(missing: Sequence[str], system_id: str) -> Section:
    rows = tuple((Cell(f"{each[:1].upper()}{each[1:]}."),) for each in missing)
    return Section(
        "What is missing",
        (Column("What"),),
        rows,
        Empty("Nothing is missing", ""),
        width="",
        href=f"{ADDRESS}/seen?system={system_id}",
        link="What was seen in traffic",
    )


def _parts(work: Work, system: System, here: str) -> Section:
    rows = tuple(
        (
            Cell(each.label, f"{here}/parts/{each.label}", kind="code"),
            Cell(f"{each.latest}", kind="number"),
        )
        for each in registry.parts_of(work, system.id)
    )
    return Section(
        "What it is made of",
        (Column("Part"), Column("Versions", number=True)),
        rows,
        Empty(
            "No parts yet",
            "Write the first version of a prompt, a model or a routing.",
            line=f"muniment registry write {system.key} prompt/main --text prompt.txt",
        ),
        width="",
    )


def _changes(work: Work, system: System) -> Section:
    found = registry.find_changes(work, ChangeQuery(system_id=system.id), limit=_SHOWN)
    tones = {state.value: tone for state, tone in CHANGE_STATES.items()}
    rows = tuple(
        (
            Cell(each.title, f"{CHANGES}/{each.id}"),
            tag_cell(each.state.value, tones),
            time_cell(each.made_at),
        )
        for each in found.rows
    )
    return Section(
        "Changes",
        (Column("What"), Column("State"), Column("Drafted")),
        rows,
        Empty("No changes yet", "Whatever serves comes by a change that others approve."),
        width="c6",
    )


def _story(work: Work, system: System) -> Section:
    found = registry.deployments(work, system.id, limit=_SHOWN)
    return Section(
        "Every interval",
        (
            Column("Environment"),
            Column("Version sets"),
            Column("From"),
            Column("Until"),
            Column("Why", hide_narrow=True),
            Column("Proof", hide_narrow=True),
        ),
        tuple(interval_cells(each) for each in found.rows),
        Empty("Nothing has served yet", "Each interval will stand here, and stays."),
        note=f"the newest {_SHOWN}, also those we know better now",
        width="c12",
    )


def _boundary(system: System, here: str) -> Section:
    rows = tuple(
        (
            Cell(each.name),
            Cell(each.sort.value.replace("_", " ")),
            Cell(each.vendor or "own"),
            Cell(", ".join(each.data_classes) or "none stated"),
            Cell(each.action.value),
        )
        for each in system.profile.components
    )
    return Section(
        "Boundary",
        (
            Column("Component"),
            Column("What it is"),
            Column("Vendor"),
            Column("Data", hide_narrow=True),
            Column("Sets off", hide_narrow=True),
        ),
        rows,
        Empty(
            "No boundary is stated",
            "State its components and the data that flows.",
            href=f"{here}/boundary/edit",
            link="State the boundary",
        ),
        width="c12",
        href=f"{here}/boundary",
        link="The drawing, its findings and its history",
    )


def _actions(system: System, here: str) -> tuple[Action, ...]:
    if system.state is SystemState.RETIRED:
        return ()
    stop = (
        Action("Resume", f"{here}/resume", "registry.suspend", "main")
        if system.state is SystemState.SUSPENDED
        else Action(f"Stop {system.key}", f"{here}/suspend", "registry.suspend", "stop")
    )
    able = system.state in (SystemState.APPROVED, SystemState.LIVE)
    return (
        Action("State it anew", f"{here}/state", "registry.change"),
        Action("Submit for review", f"{here}/submit", "registry.change"),
        Action("Write a version", f"{here}/write", "registry.write"),
        Action("Draft a change", f"{here}/draft", "registry.write"),
        Action("Keep a file", f"{here}/upload", "registry.write"),
        *((Action("Roll back", f"{here}/rollback", "registry.roll_back"),) if able else ()),
        *((stop,) if able or system.state is SystemState.SUSPENDED else ()),
        Action("Hand over", f"{here}/transfer", "registry.transfer"),
        Action("Retire", f"{here}/retire", "registry.retire", "stop"),
    )
