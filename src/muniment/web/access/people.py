"""The pages of people: who there is, one person with all they hold, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.routing import Route

from muniment import access
from muniment.access import Holder, HolderKind, Person, PersonId, PersonState
from muniment.core.page import MAX_PAGE_ROWS, Page
from muniment.db import Work
from muniment.web.access import belongings
from muniment.web.access.cells import ADDRESS, AREA
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, choices
from muniment.web.cells import Cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.parts import Column
from muniment.web.shows import Page as ShownPage
from muniment.web.shows import Show
from muniment.web.undoing import Done

PEOPLE: Final = f"{ADDRESS}/people"
MANAGE: Final = "access.manage_people"
STATES: Final = {"active": "ok", "invited": "look", "suspended": "stop", "left": "unknown"}
_CRUMBS: Final = (("People", PEOPLE),)


def routes() -> list[Route]:
    """List the pages of people."""
    return [
        *LIST.routes(),
        *INVITE.routes(),
        *SHOW.routes(),
        *(route for act in (CHANGE, SUSPEND, REACTIVATE, LEAVE) for route in act.routes()),
    ]


def active_people(work: Work) -> tuple[tuple[str, str], ...]:
    """List the active people for a choice."""
    page = access.people(work, state=PersonState.ACTIVE, limit=MAX_PAGE_ROWS)
    return tuple((each.id, f"{each.name}, {each.email}") for each in page.rows)


def _read(work: Work, typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Person]:
    state = PersonState(typed["state"]) if typed["state"] else None
    return access.people(work, state=state, text=typed["text"], cursor=cursor, limit=limit)


def _cells(_work: Work, people: Sequence[Person]) -> list[tuple[Cell, ...]]:
    return [
        (
            Cell(each.name, f"{PEOPLE}/{each.id}"),
            Cell(each.email),
            tag_cell(each.state.value, STATES),
            Cell(each.source),
            time_cell(each.created_at),
        )
        for each in people
    ]


LIST: Final = Listing[Person](
    area=AREA,
    place="people",
    title="People",
    says="Everybody who can sign in, was invited, or has left. What somebody may do stands on "
    "their page.",
    columns=(
        Column("Name", sort="name"),
        Column("Address", sort="address"),
        Column("State", sort="state"),
        Column("Known by", sort="source", hide_narrow=True),
        Column("Since", sort="since", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    order="by name",
    empty=Empty(
        "Nobody is here yet",
        "Invite the first colleague, or connect your directory by SCIM.",
        href=f"{PEOPLE}/invite",
        link="Invite somebody",
    ),
    filters=(
        Filter("text", "Name or address"),
        Filter(
            "state",
            "State",
            (("", "any"), *((each.value, each.value) for each in PersonState)),
        ),
    ),
    actions=(Action("Invite a person", f"{PEOPLE}/invite", MANAGE, "main"),),
)


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    person = access.person(work, asked["person_id"])
    holder = Holder(HolderKind.PERSON, person.id)
    vouching = ", ".join(each.issuer for each in access.identities(work, person.id))
    return ShownPage(
        title=person.name,
        lede=_lede(person),
        crumbs=_CRUMBS,
        state=tag_cell(person.state.value, STATES),
        facts=(
            ("Address", Cell(person.email)),
            ("Id", Cell(person.id, kind="code")),
            ("Known by", Cell(person.source)),
            ("Vouched for by", Cell(vouching or "nobody else")),
            ("Since", time_cell(person.created_at)),
            *((("Left", time_cell(person.left_at)),) if person.left_at else ()),
            ("In the ledger", Cell("Every record about them", belongings.records(person.id))),
        ),
        sections=(
            belongings.grants(work, holder),
            belongings.teams(work, holder),
            belongings.services(work, person.id),
            belongings.keys(work, holder),
        ),
        actions=_actions(person),
    )


def _lede(person: Person) -> str:
    said = {
        PersonState.ACTIVE: "They can sign in. What they may do follows from the grants below.",
        PersonState.INVITED: "They were invited and have not come yet; nothing opens for them.",
        PersonState.SUSPENDED: "Their account is closed: everything they hold stays, and opens "
        "nothing.",
        PersonState.LEFT: "They have left. Their grants, keys and memberships ended with that.",
    }
    return said[person.state]


def _actions(person: Person) -> tuple[Action, ...]:
    here = f"{PEOPLE}/{person.id}"
    grant = Action(
        "Give a role", f"{ADDRESS}/grants/give?holder=person:{person.id}", "access.grant", "main"
    )
    change = Action("Change", f"{here}/change", MANAGE)
    leave = Action("Part with them", f"{here}/leave", MANAGE, "stop")
    end = Action("End sessions", f"{here}/end-sessions", "access.end_sessions")
    suspend = Action("Suspend", f"{here}/suspend", MANAGE, "stop")
    again = Action("Let in again", f"{here}/reactivate", MANAGE)
    return {
        PersonState.ACTIVE: (grant, change, end, suspend, leave),
        PersonState.INVITED: (grant, change, leave),
        PersonState.SUSPENDED: (again, change, leave),
        PersonState.LEFT: (),
    }[person.state]


SHOW: Final = Show(AREA, "people/{person_id}", "Show a person: what they hold, and by what.", _page)


def _invite_sheet(_work: Work, _typed: Typed) -> Sheet:
    return Sheet(
        title="Invite a person",
        lede="They can sign in once they have used their invitation, or come through your "
        "identity provider under this address. They may do nothing until they hold a role.",
        button="Invite",
        fields=(
            Field("name", "Name"),
            Field("email", "E-mail address", kind="email", hint="Nobody else here has it."),
        ),
        back=PEOPLE,
        crumbs=_CRUMBS,
    )


def _invite(work: Work, typed: Typed) -> Outcome:
    person = access.invite(work, typed.get("name", ""), typed.get("email", ""))
    return f"{PEOPLE}/{person.id}"


INVITE: Final = Act(AREA, "people/invite", "Invite a person.", MANAGE, _invite_sheet, _invite)


def _change_sheet(work: Work, typed: Typed) -> Sheet:
    person = access.person(work, typed["person_id"])
    return Sheet(
        title=f"Change {person.name}",
        lede="The record says that the name or the address changed, and not what they were.",
        button="Save",
        fields=(
            Field("name", "Name", value=person.name),
            Field("email", "E-mail address", kind="email", value=person.email),
            Field("version", "", kind="hidden", value=str(person.version)),
        ),
        back=f"{PEOPLE}/{person.id}",
        crumbs=(*_CRUMBS, (person.name, f"{PEOPLE}/{person.id}")),
    )


def _change(work: Work, typed: Typed) -> Outcome:
    person_id = PersonId(typed["person_id"])
    access.change_person(
        work,
        person_id,
        name=typed.get("name", ""),
        email=typed.get("email", ""),
        version=belongings.version(typed),
    )
    return f"{PEOPLE}/{person_id}"


CHANGE: Final = Act(
    AREA,
    "people/{person_id}/change",
    "Change a person's name or address.",
    MANAGE,
    _change_sheet,
    _change,
)


def _suspend_sheet(work: Work, typed: Typed) -> Sheet:
    person = access.person(work, typed["person_id"])
    return _confirming(
        person,
        f"Suspend {person.name}?",
        "Suspend the account",
        (
            "Their sessions end and their keys open nothing, within a second.",
            "The services they answer for stop until the account is open again or moves on.",
            "Their grants stay as they are, and count in reviews.",
        ),
    )


def _suspend(work: Work, typed: Typed) -> Outcome:
    person_id = PersonId(typed["person_id"])
    made = access.suspend(work, person_id, version=belongings.version(typed))
    here = f"{PEOPLE}/{person_id}"
    return Done(here, f"The account of {made.name} is closed.", f"{here}/reactivate")


SUSPEND: Final = Act(
    AREA,
    "people/{person_id}/suspend",
    "Close a person's account.",
    MANAGE,
    _suspend_sheet,
    _suspend,
)


def _reactivate_sheet(work: Work, typed: Typed) -> Sheet:
    person = access.person(work, typed["person_id"])
    return _confirming(
        person,
        f"Let {person.name} in again?",
        "Open the account",
        ("They can sign in at once, with every grant they still hold.",),
        tone="main",
    )


def _reactivate(work: Work, typed: Typed) -> Outcome:
    person_id = PersonId(typed["person_id"])
    made = access.reactivate(work, person_id, version=belongings.version(typed))
    here = f"{PEOPLE}/{person_id}"
    return Done(here, f"The account of {made.name} is open again.", f"{here}/suspend")


REACTIVATE: Final = Act(
    AREA,
    "people/{person_id}/reactivate",
    "Open a person's account again.",
    MANAGE,
    _reactivate_sheet,
    _reactivate,
)


def _leave_sheet(work: Work, typed: Typed) -> Sheet:
    person = access.person(work, typed["person_id"])
    others = [each for each in active_people(work) if each[0] != person.id]
    return _confirming(
        person,
        f"Part with {person.name}?",
        "Part with them",
        (
            "Their grants, keys, sessions and memberships end now, for good.",
            "Services they answer for go to whom you name below, or stop.",
            "What they did stays in the ledger. Whoever comes back is invited anew.",
        ),
        fields=(
            Field(
                "services_to",
                "Who answers for their services now",
                kind="select",
                options=choices(others, "Nobody: the services stop"),
                required=False,
            ),
        ),
    )


def _leave(work: Work, typed: Typed) -> Outcome:
    heir = typed.get("services_to", "")
    person_id = PersonId(typed["person_id"])
    access.leave(work, person_id, services_to=PersonId(heir) if heir else None)
    return f"{PEOPLE}/{person_id}"


LEAVE: Final = Act(
    AREA, "people/{person_id}/leave", "Part with a person.", MANAGE, _leave_sheet, _leave
)


def _confirming(
    person: Person,
    title: str,
    button: str,
    consequences: tuple[str, ...],
    *,
    fields: tuple[Field, ...] = (),
    tone: str = "stop main",
) -> Sheet:
    return Sheet(
        title=title,
        lede=f"{person.email}, {person.state.value} since {person.created_at:%d %b %Y}.",
        button=button,
        fields=(*fields, Field("version", "", kind="hidden", value=str(person.version))),
        consequences=consequences,
        tone=tone,
        back=f"{PEOPLE}/{person.id}",
        crumbs=(*_CRUMBS, (person.name, f"{PEOPLE}/{person.id}")),
    )
