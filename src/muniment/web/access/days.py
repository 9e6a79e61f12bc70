"""Who could reach what on a day, and rights in other systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from starlette.routing import Route

from muniment import access
from muniment.access import Outside, PersonId, Reach
from muniment.core.clock import parse_stamp
from muniment.core.errors import InvalidError
from muniment.core.page import Page
from muniment.db import Work
from muniment.web.access.cells import ADDRESS, AREA, holder_cell
from muniment.web.access.people import active_people
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, choices, refuse
from muniment.web.cells import Cell, place_names, scope_cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.parts import Column

OUTSIDE: Final = f"{ADDRESS}/outside"
IMPORT: Final = "access.import_outside"
_CRUMBS: Final = (("Rights elsewhere", OUTSIDE),)
_STATES: Final = {"open": "ok", "shut": "unknown"}


def routes() -> list[Route]:
    """List the pages of days and of rights elsewhere."""
    return [*AT.routes(), *ELSEWHERE.routes(), *BRING_IN.routes(), *RESOLVE.routes()]


def read_moment(text: str, now: datetime) -> datetime:
    """Read a moment that has been; a day means its end, and nothing means now."""
    if not text:
        return now
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidError(
            f"“{text[:40]}” is not a time", field="when", remedy="Write 2026-11-20 14:27, in UTC."
        ) from error
    if len(text) <= len("2026-11-20"):
        at = at.replace(hour=23, minute=59, second=59)
    at = parse_stamp((at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat())
    return min(at, now) if at.date() == now.date() else at


def _at(work: Work, typed: Mapping[str, str], _cursor: str | None, _limit: int) -> Page[Reach]:
    found = access.at(work, read_moment(typed["when"], work.now))
    wanted = typed["who"].casefold()
    if wanted:
        names = access.names(work, _ids(found))
        found = tuple(each for each in found if wanted in _name(each, names).casefold())
    return Page(tuple(found))


def _ids(found: Sequence[Reach]) -> list[str]:
    people = [each.person_id for each in found if each.person_id]
    return [*people, *(each.holder.id for each in found), *(each.grant.holder.id for each in found)]


def _name(each: Reach, names: Mapping[str, str]) -> str:
    return f"{names.get(each.holder.id, '')} {names.get(each.person_id or '', '')} {each.role.name}"


def _at_cells(work: Work, found: Sequence[Reach]) -> list[tuple[Cell, ...]]:
    names = access.names(work, _ids(found))
    places = place_names(work, [each.grant.scope for each in found])
    return [
        (
            holder_cell(each.holder, names),
            Cell(names.get(each.person_id or "", each.person_id or ""), _person(each.person_id)),
            Cell(each.role.name, f"{ADDRESS}/grants/{each.grant.id}"),
            scope_cell(each.grant.scope, places),
            holder_cell(each.grant.holder, names) if each.through else Cell("themselves"),
            time_cell(each.grant.starts_at),
            tag_cell("open" if each.open else "shut", _STATES),
        )
        for each in found
    ]


def _person(person_id: str | None) -> str:
    return f"{ADDRESS}/people/{person_id}" if person_id else ""


AT: Final = Listing[Reach](
    area=AREA,
    place="at",
    title="Access on a day",
    says="Who could reach what at a moment, through which grant. Each line leads to its grant, and "
    "each grant to its records. With proofs: muniment access at.",
    columns=(
        Column("Who", sort="who"),
        Column("Person behind it", sort="person"),
        Column("Role", sort="role"),
        Column("Where", sort="scope"),
        Column("Through", sort="through", hide_narrow=True),
        Column("Since", sort="since", hide_narrow=True),
        Column("Account", sort="state"),
    ),
    read=_at,
    cells=_at_cells,
    empty=Empty("Nobody could reach anything", "At that moment no grant held."),
    filters=(
        Filter("when", "At, UTC", placeholder="2026-11-20 14:27"),
        Filter("who", "Name or role"),
    ),
    always_filters=True,
)


def _read(work: Work, typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Outside]:
    return access.outside(
        work,
        place=typed["place"],
        orphans=typed["which"] == "orphans",
        cursor=cursor,
        limit=limit,
    )


def _cells(work: Work, found: Sequence[Outside]) -> list[tuple[Cell, ...]]:
    names = access.names(work, [each.person_id for each in found if each.person_id])
    return [
        (
            Cell(each.place),
            Cell(each.account),
            Cell(each.what),
            Cell(names.get(each.person_id, each.person_id), _person(each.person_id))
            if each.person_id
            else Cell("Nobody: say whose it is", f"{OUTSIDE}/{each.id}/resolve"),
            time_cell(each.seen_at),
            Cell(each.source),
        )
        for each in found
    ]


ELSEWHERE: Final = Listing[Outside](
    area=AREA,
    place="outside",
    title="Rights elsewhere",
    says="What people may do in other systems: dashboards, vector stores, clouds, databases. They "
    "are told by a file, a feed or SCIM, and join the same reviews.",
    columns=(
        Column("System", sort="place"),
        Column("Account", sort="account"),
        Column("Right", sort="what"),
        Column("Person", sort="person"),
        Column("Told", sort="told", hide_narrow=True),
        Column("By", sort="source", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    empty=Empty(
        "Nothing is known of other systems",
        "Save the list of accounts of a system as CSV with the columns account, what and, if the "
        "account is no address, person.",
        href=f"{OUTSIDE}/bring-in",
        link="Bring in a file",
    ),
    filters=(
        Filter("place", "System"),
        Filter("which", "Show", (("", "all"), ("orphans", "those of nobody"))),
    ),
    actions=(Action("Bring in a file", f"{OUTSIDE}/bring-in", IMPORT, "main"),),
)


def _import_sheet(_work: Work, _typed: Typed) -> Sheet:
    return Sheet(
        title="Bring in rights of another system",
        lede="The file tells all rights of that system. What it does not name any more is gone.",
        button="Bring it in",
        fields=(
            Field("place", "System", placeholder="grafana"),
            Field(
                "file",
                "File, CSV",
                kind="file",
                hint="Columns account, what and, where needed, person. One bad row, and nothing "
                "is taken.",
            ),
        ),
        consequences=(
            "New rights are added, and those that are missing count as gone.",
            "Accounts nobody can be found for are listed until somebody says whose they are.",
        ),
        back=OUTSIDE,
        crumbs=_CRUMBS,
    )


def _import(work: Work, typed: Typed) -> Outcome:
    if not typed.get("file"):
        refuse("file", "no file is chosen", "Choose the CSV file.")
    access.import_outside(work, typed.get("place", ""), typed["file"])
    return OUTSIDE


BRING_IN: Final = Act(
    AREA,
    "outside/bring-in",
    "Bring in rights of another system.",
    IMPORT,
    _import_sheet,
    _import,
    within=AREA.scope,
)


def _resolve_sheet(work: Work, _typed: Typed) -> Sheet:
    return Sheet(
        title="Say whose account it is",
        lede="Its rights then count as theirs in reviews.",
        button="Save",
        fields=(Field("person_id", "Person", kind="select", options=choices(active_people(work))),),
        back=OUTSIDE,
        crumbs=_CRUMBS,
    )


def _resolve(work: Work, typed: Typed) -> Outcome:
    if not typed.get("person_id"):
        refuse("person_id", "nobody is chosen", "Choose one of the list.")
    access.resolve_outside(work, typed["right_id"], PersonId(typed["person_id"]))
    return OUTSIDE


RESOLVE: Final = Act(
    AREA,
    "outside/{right_id}/resolve",
    "Say whose account it is.",
    IMPORT,
    _resolve_sheet,
    _resolve,
    within=AREA.scope,
)
