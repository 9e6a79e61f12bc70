"""The page of one change of the detector: what it changes, and what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.routing import Route

from muniment import access, detect
from muniment.db import Work
from muniment.detect import Proposal, ProposalState
from muniment.web.cells import Cell, tag_cell, time_cell
from muniment.web.detect.changing import ADDRESS, AREA, CRUMBS, TONES, place_cell
from muniment.web.lists import Action, Empty
from muniment.web.parts import Column
from muniment.web.shows import Page, Section, Show

_ANSWERS: Final = {"met": "ok", "not_met": "stop", "could_not_tell": "unknown"}
_SETS: Final = {
    "cases": "Cases of this installation",
    "values": "Values, texts by hand",
    "names": "Names, texts by hand",
    "signals": "Signals, texts by hand",
}


def routes() -> list[Route]:
    """List the page of one change."""
    return SHOW.routes()


def _page(work: Work, asked: Mapping[str, str]) -> Page:
    found = detect.proposal(work, asked["change_id"])
    state = detect.state_of(work, found)
    people = [found.author, found.applied_by]
    names = access.named(work, [each for each in people if each])
    return Page(
        title="Change of the detector",
        lede=found.reason,
        crumbs=CRUMBS,
        state=tag_cell(state.value, TONES),
        facts=(
            ("For", place_cell(found.system)),
            ("Owner", Cell(found.owner)),
            ("Asked by", Cell(names.get(found.author, found.author))),
            ("Asked", time_cell(found.proposed_at)),
            ("Ends", time_cell(found.expires_at, "no end")),
            ("Asked of peers", Cell(found.request_id, f"/console/approvals/{found.request_id}")),
            ("In force as", _version(found, names)),
            ("Exactly this", Cell(found.configuration.digest, kind="code")),
        ),
        sections=(_changes(found), _figures(found)),
        actions=_actions(found, state),
    )


def _version(found: Proposal, names: Mapping[str, str]) -> Cell:
    if not found.version:
        return Cell("not in force", tone="faint")
    by = names.get(found.applied_by, found.applied_by)
    return Cell(f"version {found.version}", note=f"by {by}")


def _actions(found: Proposal, state: ProposalState) -> tuple[Action, ...]:
    if state is not ProposalState.APPROVED:
        return ()
    return (Action("Put in force", f"{ADDRESS}/{found.id}/apply", "detect.configure", "main"),)


def _changes(found: Proposal) -> Section:
    lines = detect.differences(found.previous, found.configuration)
    return Section(
        "What it changes",
        (Column("What"), Column("Before"), Column("After")),
        tuple((Cell(name), _side(before), _side(after)) for name, before, after in lines),
        Empty("Nothing", "It is the configuration that was in force."),
        note="; ".join(found.loosens) or "It finds no less than before.",
        width="c12",
    )


def _side(text: str) -> Cell:
    return Cell(text) if text else Cell("not there", tone="faint")


def _figures(found: Proposal) -> Section:
    return Section(
        "Measured before and after",
        (Column("On"), Column("At least as good"), Column("Counts")),
        tuple(
            (Cell(_SETS.get(name, name)), tag_cell(verdict, _ANSWERS), Cell(says))
            for name, verdict, says in detect.judged(found.before, found.after)
        ),
        Empty("Nothing was measured", "A change without figures cannot be asked for."),
        width="c12",
    )


SHOW: Final = Show(
    AREA, "{change_id}", "Show a change of the detector and what was measured.", _page
)
