"""The pages of break-glass: taking a role in an emergency, and looking it over afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from starlette.routing import Route

from muniment import access
from muniment.access import Emergency, Finding
from muniment.core.errors import NotFoundError
from muniment.core.page import Page
from muniment.db import Work
from muniment.web.access import belongings
from muniment.web.access.cells import ADDRESS, AREA
from muniment.web.access.grants import scope_fields, scope_of
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, choices, refuse
from muniment.web.cells import Cell, place_names, scope_words, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.parts import Column

EMERGENCIES: Final = f"{ADDRESS}/emergencies"
BREAK: Final = "access.break_glass"
LOOK_OVER: Final = "access.review_break_glass"
_STATES: Final = {"waits": "look", "justified": "ok", "unjustified": "stop"}
_CRUMBS: Final = (("Break-glass", EMERGENCIES),)
_MINUTES: Final = (
    ("30", "Half an hour"),
    ("60", "One hour"),
    ("240", "Four hours"),
)
_FINDINGS: Final = (
    ("justified", "Justified: it was an emergency, and no more was done than it needed"),
    ("unjustified", "Unjustified: it was none, or more was done"),
)


def routes() -> list[Route]:
    """List the pages of break-glass."""
    return [*LIST.routes(), *BREAK_GLASS.routes(), *REVIEW.routes()]


def _read(
    work: Work, typed: Mapping[str, str], _cursor: str | None, _limit: int
) -> Page[Emergency]:
    return Page(tuple(access.emergencies(work, unreviewed=typed["which"] == "waiting")))


def _cells(work: Work, found: Sequence[Emergency]) -> list[tuple[Cell, ...]]:
    names = access.names(work, [each.person_id for each in found])
    return [
        (
            Cell(names.get(each.person_id, each.person_id), f"{ADDRESS}/people/{each.person_id}"),
            Cell(access.grant_of(work, each.grant_id).role, f"{ADDRESS}/grants/{each.grant_id}"),
            Cell(access.grant_of(work, each.grant_id).reason),
            time_cell(each.broken_at),
            time_cell(each.ends_at),
            tag_cell(each.finding.value if each.finding else "waits", _STATES),
            Cell("Look it over", f"{EMERGENCIES}/{each.id}/review")
            if each.finding is None
            else Cell(each.words),
        )
        for each in found
    ]


def _lede(work: Work) -> str:
    waiting = len(access.emergencies(work, unreviewed=True))
    if not waiting:
        return (
            "In an emergency somebody takes a role for a short time, says why, and everybody is "
            "told. No emergency waits to be looked over."
        )
    said = "emergency waits" if waiting == 1 else "emergencies wait"
    return f"{waiting} {said} for somebody else to look over. Until then it stays on this list."


LIST: Final = Listing[Emergency](
    area=AREA,
    place="emergencies",
    title="Break-glass",
    says="Roles that somebody took in an emergency.",
    columns=(
        Column("Who", sort="who"),
        Column("Role", sort="role"),
        Column("Reason", hide_narrow=True),
        Column("From", sort="from"),
        Column("Ends", sort="ends", hide_narrow=True),
        Column("Looked over", sort="state"),
        Column("", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    lede=_lede,
    empty=Empty(
        "No emergency so far",
        "Nobody had to take a role for themselves. If you must, it takes a reason and a time.",
        href=f"{EMERGENCIES}/break",
        link="Break the glass",
    ),
    filters=(Filter("which", "Show", (("", "all"), ("waiting", "those that wait"))),),
    actions=(Action("Break the glass", f"{EMERGENCIES}/break", BREAK, "stop"),),
)


def _break_sheet(_work: Work, _typed: Typed) -> Sheet:
    roles = [(each.name, f"{each.name}: {each.says}") for each in access.BUILT_IN.values()]
    return Sheet(
        title="Break the glass",
        lede="For when something burns and nobody who may grant can be reached. You take the role "
        "yourself, where you already hold one.",
        button="Take the role now",
        fields=(
            Field("role", "Role", kind="select", options=choices(roles)),
            *scope_fields(),
            Field("minutes", "For how long", kind="select", value="60", options=_MINUTES),
            Field("reason", "Reason", kind="textarea", hint="What happened, in a sentence or two."),
        ),
        consequences=(
            "You hold the role from now on, and not longer than you say.",
            "It is recorded at once, with the duties it brings together.",
            "Somebody else looks it over afterwards; until then it stays on the list of everybody.",
        ),
        tone="stop main",
        back=EMERGENCIES,
        crumbs=_CRUMBS,
    )


def _break(work: Work, typed: Typed) -> Outcome:
    if not typed.get("role"):
        refuse("role", "no role is chosen", "Choose one of the list.")
    if typed.get("minutes", "") not in dict(_MINUTES):
        refuse("minutes", "no time is chosen", "Choose one of the list.")
    grant, _ = access.break_glass(
        work,
        typed["role"],
        reason=typed.get("reason", ""),
        scope=scope_of(typed),
        lasting=timedelta(minutes=int(typed["minutes"])),
    )
    return f"{ADDRESS}/grants/{grant.id}"


BREAK_GLASS: Final = Act(
    AREA,
    "emergencies/break",
    "Take a role in an emergency.",
    BREAK,
    _break_sheet,
    _break,
    within=None,
)


def _emergency(work: Work, emergency_id: str) -> Emergency:
    found = [each for each in access.emergencies(work) if each.id == emergency_id]
    if not found:
        raise NotFoundError("there is no such emergency", subject=emergency_id)
    return found[0]


def _review_sheet(work: Work, typed: Typed) -> Sheet:
    emergency = _emergency(work, typed["emergency_id"])
    grant = access.grant_of(work, emergency.grant_id)
    name = access.names(work, [emergency.person_id]).get(emergency.person_id, emergency.person_id)
    where = scope_words(grant.scope, place_names(work, [grant.scope]))
    return Sheet(
        title=f"Look over what {name} did",
        lede=f"{name} took the role {grant.role} over {where}. See in the ledger what was "
        "done with it, then say what it was.",
        button="Record what you found",
        fields=(
            Field("finding", "What it was", kind="select", options=choices(_FINDINGS)),
            Field("words", "What you found", kind="textarea"),
            Field("version", "", kind="hidden", value=str(emergency.version)),
        ),
        facts=(
            ("Reason given", Cell(grant.reason)),
            ("From", time_cell(emergency.broken_at)),
            ("Until", time_cell(grant.revoked_at or emergency.ends_at)),
            ("What they did", Cell("Their records", _done_by(emergency))),
        ),
        consequences=("If the emergency still goes on, the role ends now.",),
        back=EMERGENCIES,
        crumbs=_CRUMBS,
    )


def _done_by(emergency: Emergency) -> str:
    since = f"{emergency.broken_at:%Y-%m-%d+%H:%M}"
    return f"/console/ledger?actor={emergency.person_id}&since={since}"


def _review(work: Work, typed: Typed) -> Outcome:
    if typed.get("finding", "") not in dict(_FINDINGS):
        refuse("finding", "nothing is chosen", "Choose one of the list.")
    access.review_emergency(
        work,
        typed["emergency_id"],
        Finding(typed["finding"]),
        words=typed.get("words", ""),
        version=belongings.version(typed),
    )
    return EMERGENCIES


REVIEW: Final = Act(
    AREA,
    "emergencies/{emergency_id}/review",
    "Look over an emergency.",
    LOOK_OVER,
    _review_sheet,
    _review,
    within=AREA.scope,
)
