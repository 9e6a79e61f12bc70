"""The pages of duties: which conflict, and who holds two of them by leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.routing import Route

from muniment import access
from muniment.access import Conflict, DutyException, PersonId
from muniment.core.page import Page
from muniment.db import Work
from muniment.web.access.cells import ADDRESS, AREA
from muniment.web.access.grants import scope_fields, scope_of
from muniment.web.access.people import active_people
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, choices, read_day, refuse
from muniment.web.cells import Cell, place_names, scope_cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Listing
from muniment.web.parts import Column

DUTIES: Final = f"{ADDRESS}/duties"
EXCEPTIONS: Final = f"{ADDRESS}/exceptions"
EXCEPT: Final = "access.except"
_STATES: Final = {"holds": "look", "ended": "unknown"}


def routes() -> list[Route]:
    """List the pages of duties."""
    return [*CONFLICTS.routes(), *LIST.routes(), *ALLOW.routes()]


def _conflicts(
    _work: Work, _typed: Mapping[str, str], _cursor: str | None, _limit: int
) -> Page[Conflict]:
    return Page(tuple(access.CONFLICTS))


def _conflict_cells(_work: Work, found: Sequence[Conflict]) -> list[tuple[Cell, ...]]:
    return [
        (
            Cell(f"{each.one} and {each.other}"),
            Cell(each.says),
            tag_cell(
                "refused" if each.refuse else "flagged", {"refused": "stop", "flagged": "look"}
            ),
        )
        for each in found
    ]


CONFLICTS: Final = Listing[Conflict](
    area=AREA,
    place="duties",
    title="Conflicting duties",
    says="Duties that one person should not hold on one system: themselves, through a team, or by "
    "a service they answer for. Refused ones need an exception; the others are flagged.",
    columns=(
        Column("Duties", sort="duties"),
        Column("Why"),
        Column("What happens", sort="what"),
    ),
    read=_conflicts,
    cells=_conflict_cells,
    empty=Empty("No conflicts", "The product always keeps some duties apart."),
    actions=(Action("Exceptions", EXCEPTIONS),),
)


def _read(
    work: Work, _typed: Mapping[str, str], _cursor: str | None, _limit: int
) -> Page[DutyException]:
    return Page(tuple(reversed(access.exceptions(work))))


def _cells(work: Work, found: Sequence[DutyException]) -> list[tuple[Cell, ...]]:
    people = [each.person_id for each in found]
    names = access.names(work, [*people, *(each.approved_by for each in found)])
    places = place_names(work, [each.scope for each in found])
    return [
        (
            Cell(names.get(each.person_id, each.person_id), f"{ADDRESS}/people/{each.person_id}"),
            Cell(f"{each.one} and {each.other}"),
            scope_cell(each.scope, places),
            tag_cell("holds" if each.holds(work.now) else "ended", _STATES),
            time_cell(each.ends_at),
            Cell(f"{each.uses:,}", kind="number"),
            Cell(names.get(each.approved_by, each.approved_by)),
            Cell(each.reason),
        )
        for each in found
    ]


LIST: Final = Listing[DutyException](
    area=AREA,
    place="exceptions",
    title="Exceptions",
    says="Leave to hold two duties that conflict: decided by somebody else, for a time, counted "
    "each time a grant relies on it.",
    columns=(
        Column("Who", sort="who"),
        Column("Duties", sort="duties"),
        Column("Where", sort="scope", hide_narrow=True),
        Column("State", sort="state"),
        Column("Ends", sort="ends"),
        Column("Used", sort="used", number=True),
        Column("Allowed by", sort="by", hide_narrow=True),
        Column("Reason", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    empty=Empty(
        "No exceptions",
        "Nobody holds duties that conflict. That is how it should be.",
        href=DUTIES,
        link="See which duties conflict",
    ),
    actions=(
        Action("Allow an exception", f"{EXCEPTIONS}/allow", EXCEPT, "main"),
        Action("Conflicting duties", DUTIES),
    ),
)


def _pairs() -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"{each.one}+{each.other}", f"{each.one} and {each.other}: {each.says}")
        for each in access.CONFLICTS
        if each.refuse
    )


def _allow_sheet(work: Work, _typed: Typed) -> Sheet:
    others = [each for each in active_people(work) if each[0] != work.actor.id]
    return Sheet(
        title="Allow an exception",
        lede="For somebody else, for 90 days at most. Grants that rely on it are counted, and end "
        "no later.",
        button="Allow it",
        fields=(
            Field("person_id", "For whom", kind="select", options=choices(others)),
            Field("pair", "Which duties", kind="select", options=choices(_pairs())),
            *scope_fields(),
            Field("ends_at", "Last day", kind="date", hint="In UTC."),
            Field("reason", "Reason", kind="textarea", hint="Kept with the exception."),
        ),
        consequences=("Both duties can be given to this person until then.",),
        back=EXCEPTIONS,
        crumbs=(("Exceptions", EXCEPTIONS),),
    )


def _allow(work: Work, typed: Typed) -> Outcome:
    if typed.get("pair", "") not in dict(_pairs()):
        refuse("pair", "no duties are chosen", "Choose one of the list.")
    if not typed.get("person_id"):
        refuse("person_id", "nobody is chosen", "Choose one of the list.")
    one, _, other = typed["pair"].partition("+")
    ends_at = read_day(typed, "ends_at")
    if ends_at is None:
        refuse("ends_at", "there is no date", "Write it as 2027-01-31.")
    access.except_duty(
        work,
        PersonId(typed["person_id"]),
        one,
        other,
        reason=typed.get("reason", ""),
        ends_at=ends_at,
        scope=scope_of(typed),
    )
    return EXCEPTIONS


ALLOW: Final = Act(
    AREA,
    "exceptions/allow",
    "Allow conflicting duties for a time.",
    EXCEPT,
    _allow_sheet,
    _allow,
    within=None,
)
