"""The pages of sessions: who is signed in now, from where, and ending all of somebody's at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.routing import Route

from muniment import access
from muniment.access import Method, PersonId, Session
from muniment.core.page import Page
from muniment.db import Work
from muniment.web.access.agents import browser_words
from muniment.web.access.cells import ADDRESS, AREA
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed
from muniment.web.cells import Area, Cell, time_cell
from muniment.web.lists import Empty, Filter, Listing
from muniment.web.parts import Column

SESSIONS: Final = f"{ADDRESS}/sessions"
END: Final = "access.end_sessions"
_PEOPLE: Final = f"{ADDRESS}/people"
_WAYS: Final = {
    Method.PASSWORD: "password",
    Method.TOTP: "code",
    Method.PASSKEY: "passkey",
    Method.RECOVERY: "recovery code",
    Method.SSO: "single sign-on",
    Method.LINK: "link",
}


def routes() -> list[Route]:
    """List the pages of sessions."""
    return [*LIST.routes(), *END_ALL.routes()]


def _read(work: Work, typed: Mapping[str, str], _cursor: str | None, _limit: int) -> Page[Session]:
    wanted = typed["person_id"]
    found = access.sessions(work)
    return Page(tuple(each for each in found if wanted in ("", each.sign_in.person_id)))


def _cells(work: Work, found: Sequence[Session]) -> list[tuple[Cell, ...]]:
    names = access.names(work, [each.sign_in.person_id for each in found])
    return [
        (
            Cell(names.get(who, who), f"{_PEOPLE}/{who}"),
            Cell(" and ".join(_WAYS[way] for way in each.sign_in.methods)),
            Cell(each.address or "unknown", kind="code"),
            Cell(browser_words(each.agent) or "unknown", whole=each.agent),
            time_cell(each.began_at),
            time_cell(each.seen_at),
            Cell("End all of theirs", f"{_PEOPLE}/{who}/end-sessions"),
        )
        for each in found
        for who in [each.sign_in.person_id]
    ]


LIST: Final = Listing[Session](
    area=Area(ADDRESS, AREA.scope, END),
    place="sessions",
    title="Sessions",
    says="Who is signed in now, how they showed who they are, and from where. An ended session "
    "opens nothing from the next request on, in every process.",
    columns=(
        Column("Person", sort="person"),
        Column("Shown by", sort="ways"),
        Column("Address", sort="address"),
        Column("Browser", sort="agent", hide_narrow=True),
        Column("Since", sort="since", hide_narrow=True),
        Column("Last seen", sort="seen"),
        Column(""),
    ),
    read=_read,
    cells=_cells,
    order="the latest first",
    empty=Empty("Nobody is signed in", "Programs act with keys and have no sessions."),
    filters=(Filter("person_id", "Person, id"),),
)


def _sheet(work: Work, typed: Typed) -> Sheet:
    who = typed["person_id"]
    name = access.names(work, [who]).get(who, who)
    mine = [each for each in access.sessions(work) if each.sign_in.person_id == who]
    many = f"{len(mine)} sessions are" if len(mine) != 1 else "One session is"
    return Sheet(
        title=f"End all sessions of {name}?",
        lede=f"{many} open now.",
        button="End them all",
        fields=(Field("why", "Why", placeholder="a lost laptop", hint="It stands in the record."),),
        consequences=(
            "Every browser they are signed in with is out within a second.",
            "Their keys and grants stay. To close the account, suspend it.",
        ),
        tone="stop main",
        back=f"{_PEOPLE}/{who}",
        crumbs=(("People", _PEOPLE), (name, f"{_PEOPLE}/{who}")),
    )


def _end(work: Work, typed: Typed) -> Outcome:
    access.end_sessions_of(work, PersonId(typed["person_id"]), typed.get("why", ""))
    return f"{_PEOPLE}/{typed['person_id']}"


END_ALL: Final = Act(
    AREA,
    "people/{person_id}/end-sessions",
    "End every session of a person.",
    END,
    _sheet,
    _end,
)
