"""Decisions that were kept: listed, explained, and made again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.routing import Route

from muniment import access, policy
from muniment.core.page import Page
from muniment.db import Work
from muniment.policy import Facts, Recorded
from muniment.web.cells import Cell, tag_cell, time_cell
from muniment.web.lists import Empty, Filter, Listing
from muniment.web.parts import Column
from muniment.web.policy.listing import ADDRESS, AREA
from muniment.web.shows import Page as ShownPage
from muniment.web.shows import Section, Show

_EFFECTS: Final = {"allow": "ok", "deny": "stop", "cure": "look"}
_ANSWERS: Final = {"met": "ok", "not_met": "stop", "could_not_tell": "unknown"}
_ACTS: Final = {"call": "call of", "answer": "answer of", "use_tool": "use of"}
_PLACES: Final = {"per_": "people", "svc_": "services"}
_COLUMNS: Final = (
    Column("Rule"),
    Column("Effect"),
    Column("Why"),
    Column("Serves"),
    Column("Remedy"),
)


def routes() -> list[Route]:
    """List the pages of decisions."""
    return [*LIST.routes(), *SHOW.routes()]


def _read(work: Work, typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Recorded]:
    shadowed = typed.get("shadow") == "yes"
    return policy.decisions(work, limit=limit, cursor=cursor, only_shadowed=shadowed)


def _cells(work: Work, found: Sequence[Recorded]) -> list[tuple[Cell, ...]]:
    names = access.named(work, [_id_of(each) for each in found])
    return [
        (
            Cell(each.id, f"{ADDRESS}/decisions/{each.id}", kind="code"),
            tag_cell(each.effect.value, _EFFECTS),
            Cell(_what(each)),
            _who(each, names),
            _shadow(each),
            time_cell(each.at),
        )
        for each in found
    ]


def _what(found: Recorded) -> str:
    """Name in words what was decided about."""
    sort = found.resource_type.lower()
    return f"{_ACTS.get(found.action, found.action.replace('_', ' '))} {sort} {found.resource}"


def _id_of(found: Recorded) -> str:
    return found.principal.partition(":")[2]


def _who(found: Recorded, names: Mapping[str, str]) -> Cell:
    """Name who asked, and lead there; somebody nobody knows stays as they were written."""
    sort, _, named = found.principal.partition(":")
    if named not in names:
        return Cell(found.principal)
    place = next((at for start, at in _PLACES.items() if named.startswith(start)), "")
    href = f"/console/access/{place}/{named}" if place else ""
    return Cell(names[named], href, note=sort.lower(), whole=found.principal)


def _shadow(each: Recorded) -> Cell:
    if each.shadow is None:
        return Cell("none", tone="faint")
    says = str(each.shadow["effect"])
    same = says == each.effect.value
    return Cell("the same") if same else Cell(says, kind="tag", tone=_EFFECTS[says])


LIST: Final = Listing[Recorded](
    area=AREA,
    place="decisions",
    title="Decisions",
    says="Each was kept with everything it depended on, so it can be made again.",
    columns=(
        Column("Decision", sort="decision"),
        Column("Outcome", sort="outcome"),
        Column("What", sort="what"),
        Column("Who", sort="who", hide_narrow=True),
        Column("Shadow", sort="shadow", hide_narrow=True),
        Column("When", sort="when", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    empty=Empty("No decisions yet", "A decision is kept when a call is judged."),
    filters=(Filter("shadow", "Shadow", (("", "All"), ("yes", "Only with a version in shadow"))),),
)


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    found = policy.replay(work, asked["decision_id"])
    recorded, facts = policy.explain(work, asked["decision_id"])
    made: Mapping[str, Any] = recorded.decision
    version = recorded.version
    sections = [_reasons("Why", made, width="c8")]
    if recorded.shadow is not None:
        sections.append(
            _reasons(f"What version {recorded.shadow_version} in shadow said", recorded.shadow)
        )
    return ShownPage(
        title=f"{_what(recorded)[:1].upper()}{_what(recorded)[1:]}",
        lede=_sentence(recorded),
        crumbs=(("Policy", ADDRESS), ("Decisions", f"{ADDRESS}/decisions")),
        state=tag_cell(recorded.effect.value, _EFFECTS),
        facts=(
            ("Decision", Cell(recorded.id, kind="code")),
            ("When", time_cell(recorded.at)),
            ("Who", _who(recorded, access.named(work, [_id_of(recorded)]))),
            (
                "By",
                Cell(f"Version {version}", f"{ADDRESS}/versions/{version}")
                if version
                else Cell("no policy"),
            ),
            ("Remedies", Cell(", ".join(made["remedies"]) or "none asked for")),
            ("Made again", tag_cell(found.verdict, _ANSWERS)),
            ("Which says", Cell(found.says)),
        ),
        sections=(*sections, _facts(facts, found.says)),
    )


def _sentence(recorded: Recorded) -> str:
    what = _what(recorded)
    says = {
        "allow": f"It was allowed: {what}.",
        "deny": f"It was denied: {what}.",
        "cure": f"It was allowed once it was made safe: {what}.",
    }[recorded.effect.value]
    why = recorded.decision["says"]
    return f"{says} Because {why}." if why else says


def _reasons(title: str, made: Mapping[str, Any], *, width: str = "c12") -> Section:
    return Section(
        title,
        _COLUMNS,
        tuple(
            (
                Cell(each["rule"], kind="code"),
                tag_cell(each["effect"], {"permit": "ok", "forbid": "stop"}),
                Cell(each["says"]),
                Cell(", ".join(each["controls"]) or "nothing named"),
                Cell(each["remedy"] or "none"),
            )
            for each in made["reasons"]
        ),
        Empty("No rule spoke", "No rule means deny."),
        note=str(made["effect"]),
        width=width,
    )


def _facts(facts: Facts | None, says: str) -> Section:
    pairs: list[tuple[str, object]] = []
    if facts is not None:
        pairs = [
            *((f"principal.{name}", each) for name, each in facts.principal.attributes.items()),
            *((f"resource.{name}", each) for name, each in facts.resource.attributes.items()),
            *((f"context.{name}", each) for name, each in facts.context.items()),
            *(
                (f"{other.type.lower()}.{name}", each)
                for other in facts.others
                for name, each in other.attributes.items()
            ),
        ]
    return Section(
        "On which facts",
        (Column("Fact"), Column("Value")),
        tuple(
            (Cell(name, kind="code"), Cell(json.dumps(each, ensure_ascii=False)))
            for name, each in pairs
        ),
        Empty("The facts are gone", f"{says[:1].upper()}{says[1:]}."),
        note="facts, no content",
        width="c12",
    )


SHOW: Final = Show(
    AREA,
    "decisions/{decision_id}",
    "Explain a decision, and make it again.",
    _page,
)
