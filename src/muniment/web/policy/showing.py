"""The page of one version: what it changes, its rules, and what would have changed with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from starlette.routing import Route

from muniment import access, policy
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.policy import RuleChange, Shown, Simulation
from muniment.web.cells import Cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty
from muniment.web.parts import Column
from muniment.web.policy.differing import differences
from muniment.web.policy.listing import ADDRESS, AREA, TONES, stands
from muniment.web.shows import Page, Section, Show

_KINDS: Final = {"added": "ok", "changed": "look", "removed": "stop"}
_CRUMBS: Final = (("Policy", ADDRESS),)
_MOST_DAYS: Final = 3_650


def routes() -> list[Route]:
    """List the pages of one version."""
    return [*SIMULATION.routes(), *SHOW.routes()]


def number_of(asked: Mapping[str, str]) -> int:
    """Read the number of a version from an address."""
    text = asked["number"]
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidError(
            f"“{text[:20]}” is not the number of a version",
            field="number",
            remedy="Choose one of the list.",
        )
    return int(text)


def _page(work: Work, asked: Mapping[str, str]) -> Page:
    number = number_of(asked)
    shown = policy.show(work, number)
    now = policy.standing(work)
    state = stands(number, now)
    names = access.named(work, [shown.version.author])
    return Page(
        title=f"Version {number}",
        lede=shown.version.reason,
        crumbs=_CRUMBS,
        state=tag_cell(state, TONES),
        facts=(
            ("Written by", Cell(names.get(shown.version.author, shown.version.author))),
            ("Written", time_cell(shown.version.made_at)),
            ("Drafted from", _from(shown.version.based_on)),
            ("Asked of peers", _request(shown.version.request_id)),
            ("Exactly this", Cell(shown.version.bundle, kind="code")),
        ),
        differences=differences(shown.files),
        sections=(_changes(shown.changes), _rules(shown)),
        actions=_actions(number, state, enforced=now.enforced),
    )


def _actions(number: int, state: str, *, enforced: int) -> tuple[Action, ...]:
    here = f"{ADDRESS}/versions/{number}"
    found = [
        Action("What would have changed", f"{here}/simulation", "policy.simulate"),
        Action("Write on top of it", f"{ADDRESS}/edit?from={number}", "policy.propose"),
    ]
    if state == "in shadow":
        found.append(Action("End its shadow", f"{ADDRESS}/shadow/end", "policy.propose"))
    if state == "draft":
        found.append(Action("Judge it in shadow", f"{here}/shadow", "policy.propose"))
    if state in ("draft", "in shadow"):
        found.append(Action("Ask a peer", f"{here}/review", "policy.propose"))
        found.append(Action("Put in force", f"{here}/publish", "policy.publish", "main"))
    if state == "earlier" and enforced:
        found.append(
            Action("Go back to it", f"{ADDRESS}/rollback?version={number}", "policy.publish")
        )
    return tuple(found)


def _from(number: int) -> Cell:
    if not number:
        return Cell("nothing")
    return Cell(f"Version {number}", f"{ADDRESS}/versions/{number}")


def _request(request_id: str) -> Cell:
    return Cell(request_id, f"/console/approvals/{request_id}") if request_id else Cell("not yet")


def _changes(changes: tuple[RuleChange, ...]) -> Section:
    return Section(
        "What it changes",
        (Column("Rule"), Column("How")),
        tuple((Cell(each.rule, kind="code"), tag_cell(each.kind, _KINDS)) for each in changes),
        Empty("Nothing", "It has the rules of the version it was drafted from."),
        note=f"{len(changes)} rules",
        width="c12",
    )


def _rules(shown: Shown) -> Section:
    return Section(
        "Its rules",
        (Column("Rule"), Column("Effect"), Column("Why"), Column("Serves"), Column("Remedy")),
        tuple(
            (
                Cell(each.id, kind="code"),
                tag_cell(each.effect, {"permit": "ok", "forbid": "stop"}),
                Cell(each.reason),
                Cell(", ".join(each.controls) or "nothing named"),
                Cell(str(each.remedy) if each.remedy else "final"),
            )
            for each in shown.bundle.rules
        ),
        Empty("No rules", "No rule means that everything is denied."),
        note=f"{len(shown.bundle.rules)} rules",
        width="c12",
    )


def _simulated(work: Work, asked: Mapping[str, str]) -> Page:
    number = number_of(asked)
    text = asked.get("days", "7")
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    if not 1 <= days <= _MOST_DAYS:
        raise InvalidError(
            f"“{text[:20]}” is no number of days",
            field="days",
            remedy=f"Give 1 to {_MOST_DAYS:,}.",
        )
    found = policy.simulate_version(work, number, work.now - timedelta(days=days), work.now)
    here = f"{ADDRESS}/versions/{number}"
    return Page(
        title="What would have changed",
        lede=_sentence(found, number, days),
        crumbs=(*_CRUMBS, (f"Version {number}", here)),
        facts=(
            ("Decisions then", Cell(f"{found.decisions:,}", kind="number")),
            ("Tried", Cell(f"{found.tried:,}", kind="number")),
            ("Could not be read", Cell(f"{found.unreadable:,}", kind="number")),
        ),
        sections=(_groups(found),),
        actions=tuple(
            Action(label, f"{here}/simulation?days={many}")
            for label, many in (("A day", 1), ("A week", 7), ("A month", 30), ("A year", 365))
        ),
    )


def _sentence(found: Simulation, number: int, days: int) -> str:
    last = "the last day" if days == 1 else f"the last {days} days"
    if not found.tried:
        return f"No decision was kept in {last}."
    says = f"{found.changed:,} of {found.tried:,} decisions of {last} would have come out otherwise"
    return f"{says} by version {number}." + ("" if found.whole else " That is a sample.")


def _groups(found: Simulation) -> Section:
    return Section(
        "By what would have come of them",
        (
            Column("Action"),
            Column("Was"),
            Column("Would be"),
            Column("By"),
            Column("Decisions"),
            Column("Examples"),
        ),
        tuple(
            (
                Cell(f"{each.action} {each.resource_type}"),
                Cell(each.was.value),
                Cell(each.would_be.value),
                Cell(", ".join(each.by)),
                Cell(f"{each.count:,}", kind="number"),
                Cell(
                    each.examples[0],
                    f"{ADDRESS}/decisions/{each.examples[0]}",
                    note=" ".join(each.examples[1:]),
                ),
            )
            for each in found.groups
        ),
        Empty("Nothing would have changed", "Every decision that was tried comes out the same."),
        width="c12",
    )


SIMULATION: Final = Show(
    AREA,
    "versions/{number}/simulation",
    "Show what would have changed if a version had been in force.",
    _simulated,
)
SHOW: Final = Show(
    AREA, "versions/{number}", "Show a version: what it changes, and its rules.", _page
)
