"""The list of changes, the page of one with its checks, and the steps it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from starlette.routing import Route

from muniment import registry
from muniment.core.page import Page
from muniment.db import Work
from muniment.ledger import Log
from muniment.registry import Change, ChangeQuery, ChangeState
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed
from muniment.web.cells import Cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.parts import Column
from muniment.web.registry.cells import (
    AREA,
    CHANGE_STATES,
    CHANGES,
    SYSTEMS,
    VERDICTS,
    bill_facts,
    people,
    records,
    short,
)
from muniment.web.registry.views import SAVE_VIEW, shown_views
from muniment.web.shows import Page as ShownPage
from muniment.web.shows import Section, Show

_CRUMBS: Final = (("Changes", CHANGES),)
_TONES: Final = {state.value: tone for state, tone in CHANGE_STATES.items()}


def routes() -> list[Route]:
    """List the pages of changes."""
    acts = (CHECK, ASK, PROMOTE, WITHDRAW)
    return [*LIST.routes(), *SHOW.routes(), *(route for act in acts for route in act.routes())]


def _read(work: Work, typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Change]:
    state = ChangeState(typed["state"]) if typed["state"] else None
    query = ChangeQuery(registry.id_of(work, typed["system"]), state)
    return registry.find_changes(work, query, limit=limit, cursor=cursor)


def _cells(work: Work, found: Sequence[Change]) -> list[tuple[Cell, ...]]:
    names = people(work, [each.author for each in found])
    return [
        (
            Cell(each.title, f"{CHANGES}/{each.id}"),
            tag_cell(each.state.value, _TONES),
            Cell(each.sort.value),
            Cell(names.get(each.author, each.author)),
            Cell(", ".join(map(str, each.reached)) or "nowhere yet"),
            time_cell(each.made_at),
        )
        for each in found
    ]


LIST: Final = Listing[Change](
    area=AREA,
    place="changes",
    title="Changes",
    says="Every change of what serves: drafted, checked, approved by others, promoted in steps.",
    columns=(
        Column("What", sort="title"),
        Column("State", sort="state"),
        Column("Path", sort="sort", hide_narrow=True),
        Column("Author", sort="author", hide_narrow=True),
        Column("Reached", sort="reached"),
        Column("Drafted", sort="made", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    empty=Empty(
        "No changes yet",
        "A change names the versions that shall serve.",
        line="muniment registry draft credit-score --title … --version prompt/main=latest",
    ),
    filters=(
        Filter(
            "state",
            "State",
            (("", "any"), *((each.value, each.value.replace("_", " ")) for each in ChangeState)),
        ),
        Filter("system", "System", placeholder="key or id"),
    ),
    views=shown_views("changes", CHANGES),
    save_view=SAVE_VIEW,
)


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    change = registry.get_change(work, asked["change_id"])
    system = registry.get_system(work, change.system_id)
    step = registry.next_step(work, change)
    here = f"{CHANGES}/{change.id}"
    return ShownPage(
        title=change.title,
        lede=f"A change of {system.profile.name}. {_said(change, str(step or ''))}",
        crumbs=_CRUMBS,
        state=tag_cell(change.state.value, _TONES),
        facts=_facts(work, change),
        sections=(_checks(change), _versions(work, change)),
        actions=_actions(change, here, str(step or "")),
    )


def _with_order(work: Work, log: Log, asked: Mapping[str, str], page: ShownPage) -> ShownPage:
    """Add what the order of entries in the log proves: tests, a yes, deployments, traffic."""
    proof = registry.prove_change(work, log, asked["change_id"])
    rows = tuple(
        (
            Cell(each.sort),
            Cell(each.says),
            Cell(
                "not sealed yet" if each.index is None else f"{each.index}",
                "" if each.index is None else f"/console/ledger/{each.index}",
                kind="number",
            ),
        )
        for each in proof.marks
    )
    section = Section(
        "What the log proves",
        (Column("What"), Column("It says"), Column("Place in the log", number=True)),
        rows,
        Empty("Nothing to prove yet", "Tests, approvals and deployments will stand here."),
        note=f"{proof.verdict.replace('_', ' ')}: {proof.says}",
        width="c12",
    )
    return replace(page, sections=(*page.sections, section))


SHOW: Final = Show(
    AREA,
    "changes/{change_id}",
    "Show a change, its checks and its steps.",
    _page,
    _with_order,
)


def _said(change: Change, step: str) -> str:
    if change.state is ChangeState.DRAFT:
        return "It is a draft; look at its checks, then ask for approval."
    if change.state is ChangeState.WAITING:
        return "It waits for those who approve it."
    if change.state in (ChangeState.APPROVED, ChangeState.RELEASING) and step:
        return f"Its next step is {step} %."
    return f"It is {change.state.value.replace('_', ' ')}."


def _facts(work: Work, change: Change) -> tuple[tuple[str, Cell], ...]:
    names = people(work, [change.author])
    system = registry.get_system(work, change.system_id)
    asked = f"/console/approvals/{change.request_id}" if change.request_id else ""
    review = f"/console/approvals/{change.review_id}" if change.review_id else ""
    return (
        ("System", Cell(system.profile.name, f"{SYSTEMS}/{system.id}", note=system.key)),
        ("Written by", Cell(names.get(change.author, change.author))),
        ("Why", Cell(change.reason)),
        ("Version set", Cell(change.set_digest, kind="code")),
        *bill_facts(change.system_id, change.set_digest),
        ("Approval", Cell("The question and its answers" if asked else "not asked yet", asked)),
        *((("Review after", Cell("Was it right?", review)),) if review else ()),
        ("Reached", Cell(", ".join(map(str, change.reached)) or "nowhere yet")),
        ("Ticket", Cell(change.origin.ticket or "not stated")),
        ("Commit", Cell(change.origin.commit or "not stated")),
        ("Pull request", Cell(change.origin.pull_request or "not stated")),
        ("In the ledger", Cell("Every record about it", records("change", change.id))),
    )


def _checks(change: Change) -> Section:
    rows = tuple(
        (Cell(each.name.replace("_", " ")), tag_cell(each.verdict, VERDICTS), Cell(each.says))
        for each in change.findings
    )
    return Section(
        "Checks",
        (Column("Check"), Column("Answer"), Column("What it says")),
        rows,
        Empty("Not looked at yet", "Look at its checks before you ask for approval."),
    )


def _versions(work: Work, change: Change) -> Section:
    versions = registry.set_of(work, change.set_digest).versions
    base = next((each for each in change.base.values() if each), "")
    before = registry.set_of(work, base).versions if base else {}
    rows = tuple(
        (
            Cell(label, f"{SYSTEMS}/{change.system_id}/parts/{label}", kind="code"),
            Cell(short(before.get(label, "")) or "nothing", kind="code"),
            Cell(short(versions.get(label, "")) or "nothing", kind="code"),
            Cell("as before" if before.get(label) == versions.get(label) else "changed"),
        )
        for label in sorted({*versions, *before})
    )
    return Section(
        "Exactly these versions",
        (Column("Part"), Column("Now"), Column("After"), Column("So it is")),
        rows,
        Empty("None", ""),
        width="c12",
    )


def _actions(change: Change, here: str, step: str) -> tuple[Action, ...]:
    found = []
    if change.state in (ChangeState.DRAFT, ChangeState.DENIED):
        found.append(Action("Look at its checks", f"{here}/check", "registry.write"))
        found.append(Action("Ask for approval", f"{here}/ask", "registry.write", "main"))
    emergency = change.sort is registry.ChangeSort.EMERGENCY
    ready = change.state in (ChangeState.APPROVED, ChangeState.RELEASING, ChangeState.WAITING)
    if step and (ready or (emergency and change.state is ChangeState.DRAFT)):
        permission = "registry.emergency" if emergency else "registry.release"
        found.append(Action(f"Promote to {step} %", f"{here}/promote", permission, "main"))
    if change.state in (ChangeState.DRAFT, ChangeState.WAITING, ChangeState.APPROVED):
        found.append(Action("Withdraw", f"{here}/withdraw", "registry.write", "stop"))
    return tuple(found)


def _sheet(
    title: Callable[[Change, str], str],
    button: str,
    consequences: tuple[str, ...],
    fields: tuple[Field, ...] = (),
    tone: str = "main",
) -> Callable[[Work, Typed], Sheet]:
    def draw(work: Work, typed: Typed) -> Sheet:
        change = registry.get_change(work, typed["change_id"])
        here = f"{CHANGES}/{change.id}"
        step = str(registry.next_step(work, change) or "no further step")
        return Sheet(
            title=title(change, step),
            lede=f"{change.title}. {change.set_digest}",
            button=button,
            fields=fields,
            consequences=consequences,
            tone=tone,
            back=here,
            crumbs=(*_CRUMBS, (change.title, here)),
        )

    return draw


def _check(work: Work, typed: Typed) -> Outcome:
    return f"{CHANGES}/{registry.check(work, typed['change_id']).id}"


CHECK: Final = Act(
    AREA,
    "changes/{change_id}/check",
    "Look at everything a change must answer for.",
    "registry.write",
    _sheet(
        lambda _change, _step: "Look at its checks",
        "Look now",
        ("What is found is kept and recorded: met, not met, could not tell.",),
    ),
    _check,
    within=None,
)


def _ask(work: Work, typed: Typed) -> Outcome:
    return f"{CHANGES}/{registry.ask(work, typed['change_id']).id}"


ASK: Final = Act(
    AREA,
    "changes/{change_id}/ask",
    "Put a change before those who approve it.",
    "registry.write",
    _sheet(
        lambda _change, _step: "Ask for approval",
        "Ask for approval",
        (
            "Its checks are looked at first; what is not met stops the question.",
            "Those who wrote it do not answer.",
        ),
    ),
    _ask,
    within=None,
)


def _promote_sheet(work: Work, typed: Typed) -> Sheet:
    change = registry.get_change(work, typed["change_id"])
    step = str(registry.next_step(work, change) or "")
    draw = _sheet(
        lambda _change, step: f"Promote to {step} %?",
        "Promote it",
        ("Within a second every process serves it so.", "One command goes back."),
        (Field("step", "", kind="hidden", value=step),),
    )
    return draw(work, typed)


def _promote(work: Work, typed: Typed) -> Outcome:
    registry.promote(work, typed["change_id"], step=typed.get("step", ""))
    return f"{CHANGES}/{typed['change_id']}"


PROMOTE: Final = Act(
    AREA,
    "changes/{change_id}/promote",
    "Take the next step of a change.",
    "",
    _promote_sheet,
    _promote,
)


def _withdraw(work: Work, typed: Typed) -> Outcome:
    done = registry.withdraw(work, typed["change_id"], reason=typed.get("reason", ""))
    return f"{CHANGES}/{done.id}"


WITHDRAW: Final = Act(
    AREA,
    "changes/{change_id}/withdraw",
    "Take a change back.",
    "registry.write",
    _sheet(
        lambda _change, _step: "Take this change back?",
        "Withdraw it",
        ("It is not promoted any more; its story stays.",),
        (Field("reason", "Why", kind="textarea"),),
        "stop main",
    ),
    _withdraw,
    within=None,
)
