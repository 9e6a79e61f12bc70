"""The pages of grants: who holds which role where, giving one, its end, taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from starlette.routing import Route

from muniment import access
from muniment.access import SCOPE_KINDS, Grant, Scope
from muniment.core.page import Page
from muniment.db import Work
from muniment.web.access import belongings
from muniment.web.access.belongings import GRANT_STATES, grant_state
from muniment.web.access.cells import ADDRESS, AREA, holder_cell
from muniment.web.access.roles import role_options
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, choices, read_day, refuse
from muniment.web.cells import Cell, place_names, scope_cell, scope_words, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.parts import Column
from muniment.web.shows import Page as ShownPage
from muniment.web.shows import Show
from muniment.web.undoing import Done

GRANTS: Final = f"{ADDRESS}/grants"
GIVE: Final = "access.grant"
REVOKE: Final = "access.revoke"
_CRUMBS: Final = (("Grants", GRANTS),)
_PLACES: Final = tuple((kind, kind.replace("_", " ").capitalize()) for kind in SCOPE_KINDS)


def routes() -> list[Route]:
    """List the pages of grants."""
    return [
        *LIST.routes(),
        *GIVE_ROLE.routes(),
        *SHOW.routes(),
        *EXTEND.routes(),
        *TAKE_BACK.routes(),
    ]


def scope_fields(values: Mapping[str, str] | None = None) -> tuple[Field, ...]:
    """Ask where something shall hold; nothing named is everywhere."""
    given = values or {}
    return tuple(
        Field(
            f"scope.{kind}",
            label,
            value=given.get(kind, ""),
            required=False,
            hint="Nothing named below reaches everything." if kind == "system" else "",
        )
        for kind, label in _PLACES
    )


def scope_of(typed: Typed) -> Scope:
    """Read where something shall hold."""
    named = {kind: typed.get(f"scope.{kind}", "") for kind in SCOPE_KINDS}
    return Scope.read({kind: value for kind, value in named.items() if value})


def _read(work: Work, typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Grant]:
    return access.grants(
        work,
        holder_id=typed["holder_id"],
        role_name=typed["role"],
        only_holding=typed["which"] != "all",
        cursor=cursor,
        limit=limit,
    )


def _cells(work: Work, found: Sequence[Grant]) -> list[tuple[Cell, ...]]:
    names = access.names(work, [each.holder.id for each in found])
    places = place_names(work, [each.scope for each in found])
    return [
        (
            Cell(each.role, f"{GRANTS}/{each.id}"),
            holder_cell(each.holder, names),
            scope_cell(each.scope, places),
            tag_cell(grant_state(each, work.now), GRANT_STATES),
            time_cell(each.starts_at),
            time_cell(each.revoked_at or each.ends_at, "no end"),
            Cell(each.source.value.replace("_", " ")),
        )
        for each in found
    ]


LIST: Final = Listing[Grant](
    area=AREA,
    place="grants",
    title="Grants",
    says="Who holds which role, where, from when to when. Everything anybody may do here rests on "
    "one of these lines.",
    columns=(
        Column("Role", sort="role"),
        Column("Held by", sort="holder"),
        Column("Where", sort="scope"),
        Column("State", sort="state"),
        Column("From", sort="from", hide_narrow=True),
        Column("Ends", sort="ends"),
        Column("How", sort="source", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    empty=Empty(
        "No grant holds",
        "Nobody but the machine itself may do anything.",
        href=f"{GRANTS}/give",
        link="Give a role",
    ),
    filters=(
        Filter("role", "Role"),
        Filter("holder_id", "Held by, id"),
        Filter("which", "Show", (("", "those that hold"), ("all", "also ended ones"))),
    ),
    actions=(Action("Give a role", f"{GRANTS}/give", GIVE, "main"),),
)


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    grant = access.grant_of(work, asked["grant_id"])
    names = access.names(work, [grant.holder.id, grant.granted_by, grant.revoked_by])
    places = place_names(work, [grant.scope])
    where = scope_words(grant.scope, places)
    holder = names.get(grant.holder.id, grant.holder.id)
    state = grant_state(grant, work.now)
    here = f"{GRANTS}/{grant.id}"
    return ShownPage(
        title=f"{grant.role} for {holder}",
        lede=f"{holder} is {grant.role} over {where}. {_standing(state)}",
        crumbs=_CRUMBS,
        state=tag_cell(state, GRANT_STATES),
        facts=(
            ("Role", Cell(grant.role, f"{ADDRESS}/roles/{grant.role}")),
            ("Held by", holder_cell(grant.holder, names)),
            ("Where", scope_cell(grant.scope, places)),
            ("From", time_cell(grant.starts_at)),
            ("Ends", time_cell(grant.ends_at, "no end")),
            ("Reason", Cell(grant.reason)),
            ("Given by", Cell(names.get(grant.granted_by, grant.granted_by))),
            ("How", Cell(grant.source.value.replace("_", " "))),
            *_revoked(work, grant, names),
            ("Id", Cell(grant.id, kind="code")),
            ("In the ledger", Cell("Every record about it", belongings.records(grant.id))),
        ),
        actions=(
            Action("Another end", f"{here}/extend", GIVE),
            Action("Take it back", f"{here}/revoke", REVOKE, "stop"),
        )
        if state == "holds"
        else (),
    )


def _standing(state: str) -> str:
    return {
        "holds": "It holds now.",
        "revoked": "It was taken back, and opens nothing.",
        "ended": "It has ended, and opens nothing.",
        "not yet": "It has not begun.",
    }[state]


def _revoked(work: Work, grant: Grant, names: Mapping[str, str]) -> tuple[tuple[str, Cell], ...]:
    if grant.revoked_at is None:
        return ()
    by = names.get(grant.revoked_by, grant.revoked_by)
    because = access.revoked_because(work, grant.id)
    return (
        ("Taken back", time_cell(grant.revoked_at)),
        ("By", Cell(by)),
        *((("Because", Cell(because)),) if because else ()),
    )


SHOW: Final = Show(
    AREA, "grants/{grant_id}", "Show a grant: whose, where, why, and by whom.", _page
)


def _give_sheet(work: Work, typed: Typed) -> Sheet:
    return Sheet(
        title="Give a role",
        lede="Nobody grants to themselves, nor more than they may. Conflicting duties are judged "
        "by person, over all their services and teams, before anything is written.",
        button="Give the role",
        fields=(
            Field(
                "holder",
                "To whom",
                kind="select",
                value=typed.get("holder", ""),
                options=choices(belongings.holder_options(work)),
            ),
            Field("role", "Role", kind="select", options=choices(role_options(work))),
            *scope_fields(),
            Field(
                "ends_at",
                "Last day",
                kind="date",
                required=False,
                hint="In UTC. Some roles are given for a time only.",
            ),
            Field("reason", "Reason", kind="textarea", hint="Kept with the grant."),
        ),
        back=GRANTS,
        crumbs=_CRUMBS,
    )


def _give(work: Work, typed: Typed) -> Outcome:
    holder = belongings.holder_of(typed.get("holder", ""))
    if not typed.get("role"):
        refuse("role", "no role is chosen", "Choose one of the list.")
    made = access.grant(
        work,
        holder,
        typed["role"],
        reason=typed.get("reason", ""),
        scope=scope_of(typed),
        ends_at=read_day(typed, "ends_at", required=False),
    )
    return f"{GRANTS}/{made.id}"


GIVE_ROLE: Final = Act(AREA, "grants/give", "Give a role.", GIVE, _give_sheet, _give, within=None)


def _sheet(
    work: Work,
    grant: Grant,
    title: str,
    button: str,
    consequences: tuple[str, ...],
    fields: tuple[Field, ...],
    tone: str,
) -> Sheet:
    holder = access.names(work, [grant.holder.id]).get(grant.holder.id, grant.holder.id)
    where = scope_words(grant.scope, place_names(work, [grant.scope]))
    here = f"{GRANTS}/{grant.id}"
    return Sheet(
        title=title,
        lede=f"{holder} is {grant.role} over {where}.",
        button=button,
        fields=(*fields, Field("version", "", kind="hidden", value=str(grant.version))),
        consequences=consequences,
        facts=(
            ("Reason it was given", Cell(grant.reason)),
            ("Ends", time_cell(grant.ends_at, "no end")),
        ),
        tone=tone,
        back=here,
        crumbs=(*_CRUMBS, (grant.role, here)),
    )


def _extend_sheet(work: Work, typed: Typed) -> Sheet:
    grant = access.grant_of(work, typed["grant_id"])
    now = f"{grant.ends_at:%Y-%m-%d}" if grant.ends_at else ""
    field = Field(
        "ends_at", "Last day", kind="date", value=now, required=False, hint="Empty: no end. UTC."
    )
    consequences = ("It is judged like a new grant: the same right, the same conflicts.",)
    return _sheet(
        work, grant, "Give this grant another end", "Save the end", consequences, (field,), "main"
    )


def _extend(work: Work, typed: Typed) -> Outcome:
    ends_at = read_day(typed, "ends_at", required=False)
    access.extend(work, typed["grant_id"], ends_at=ends_at, version=belongings.version(typed))
    return f"{GRANTS}/{typed['grant_id']}"


EXTEND: Final = Act(
    AREA,
    "grants/{grant_id}/extend",
    "Give a grant another end.",
    GIVE,
    _extend_sheet,
    _extend,
    within=None,
)


def _revoke_sheet(work: Work, typed: Typed) -> Sheet:
    grant = access.grant_of(work, typed["grant_id"])
    consequences = (
        f"The role {grant.role} opens nothing for them through this grant, from now on.",
        "It cannot be put back; a new grant can be given.",
        "The record names you, the grant and the role.",
    )
    return _sheet(
        work,
        grant,
        "Take this grant back?",
        "Take it back",
        consequences,
        (
            Field(
                "reason",
                "Why",
                kind="textarea",
                hint="It stands beside the grant, not in the ledger.",
            ),
        ),
        "stop main",
    )


def _revoke(work: Work, typed: Typed) -> Outcome:
    version = belongings.version(typed)
    access.revoke(work, typed["grant_id"], reason=typed.get("reason", ""), version=version)
    return Done(
        f"{GRANTS}/{typed['grant_id']}",
        "The grant is taken back; what it was stands below.",
        f"{GRANTS}/give?{urlencode(_as_given(access.grant_of(work, typed['grant_id'])))}",
        "Give it anew",
    )


def _as_given(grant: Grant) -> dict[str, str]:
    """Fill the form of a new grant with what another was."""
    scope = {f"scope.{kind}": name for kind, name in grant.scope.places}
    ends = {"ends_at": grant.ends_at.date().isoformat()} if grant.ends_at else {}
    holder = f"{grant.holder.kind.value}:{grant.holder.id}"
    return {"holder": holder, "role": grant.role, **scope, **ends}


TAKE_BACK: Final = Act(
    AREA,
    "grants/{grant_id}/revoke",
    "Take a grant back.",
    REVOKE,
    _revoke_sheet,
    _revoke,
    within=None,
)
