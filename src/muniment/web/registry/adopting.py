"""A person steps forward for a version that the command line wrote without a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.routing import Route

from muniment import registry
from muniment.db import Work
from muniment.registry import PartVersion
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed
from muniment.web.lists import Action
from muniment.web.registry.cells import AREA, SYSTEMS


def routes() -> list[Route]:
    """List the page of the act."""
    return ADOPT.routes()


def adopt_actions(
    here: str, found: Sequence[PartVersion], adopted: Mapping[str, str]
) -> tuple[Action, ...]:
    """Offer to answer for the newest version that nobody answers for."""
    nameless = [each for each in found if not registry.is_person(each.author)]
    left = next((each for each in nameless if each.id not in adopted), None)
    if left is None:
        return ()
    label = f"Answer for version {left.number}"
    return (Action(label, f"{here}/adopt?version={left.number}", "registry.write"),)


def _where(typed: Typed) -> tuple[str, str, int]:
    number = typed.get("version", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    label = f"{typed['kind']}/{typed['name']}"
    return typed["system_id"], label, int(number) if is_number else 0


def _sheet(work: Work, typed: Typed) -> Sheet:
    system_id, label, number = _where(typed)
    version = registry.version_at(work, system_id, label, number)
    return Sheet(
        title=f"Answer for {label} {version.number}?",
        lede="The command line wrote it, and no person signed in to do so.",
        button="I answer for it",
        fields=(
            Field("version", "", kind="hidden", value=str(version.number)),
            Field("reason", "Why", kind="textarea", hint="It stands in the record."),
        ),
        consequences=("You count as its author from now on, so somebody else approves it.",),
        back=f"{SYSTEMS}/{version.system_id}/parts/{label}",
        crumbs=(("Systems", SYSTEMS), (label, f"{SYSTEMS}/{version.system_id}/parts/{label}")),
    )


def _adopt(work: Work, typed: Typed) -> Outcome:
    system_id, label, number = _where(typed)
    registry.adopt_version(work, system_id, label, number, reason=typed.get("reason", ""))
    return f"{SYSTEMS}/{system_id}/parts/{label}?version={number}"


ADOPT: Final = Act(
    AREA,
    "systems/{system_id}/parts/{kind}/{name}/adopt",
    "Answer for a version that was written without a name.",
    "registry.write",
    _sheet,
    _adopt,
    within=None,
)
