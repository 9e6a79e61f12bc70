"""The pages of teams: who is in one holds what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.routing import Route

from muniment import access
from muniment.access import Holder, HolderKind, Team, TeamId
from muniment.core.page import Page
from muniment.db import Work
from muniment.web.access import belongings
from muniment.web.access.cells import ADDRESS, AREA, holder_cell
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, choices
from muniment.web.cells import Cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.parts import Column
from muniment.web.shows import Page as ShownPage
from muniment.web.shows import Section, Show

TEAMS: Final = f"{ADDRESS}/teams"
MANAGE: Final = "access.manage_teams"
_STATES: Final = {"there": "ok", "ended": "unknown"}
_CRUMBS: Final = (("Teams", TEAMS),)


def routes() -> list[Route]:
    """List the pages of teams."""
    return [
        *LIST.routes(),
        *ADD.routes(),
        *SHOW.routes(),
        *(route for act in (CHANGE, JOIN, PART, END) for route in act.routes()),
    ]


def _read(work: Work, typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Team]:
    return access.teams(work, ended=typed["which"] == "all", cursor=cursor, limit=limit)


def _cells(work: Work, found: Sequence[Team]) -> list[tuple[Cell, ...]]:
    return [
        (
            Cell(each.name, f"{TEAMS}/{each.id}"),
            Cell(f"{len(access.members(work, each.id)):,}", kind="number"),
            Cell(each.external_id or "made here"),
            tag_cell("ended" if each.ended_at else "there", _STATES),
            time_cell(each.created_at),
        )
        for each in found
    ]


LIST: Final = Listing[Team](
    area=AREA,
    place="teams",
    title="Teams",
    says="Who is in a team holds what the team holds. So joining one is judged like a grant.",
    columns=(
        Column("Team", sort="name"),
        Column("In it", sort="members", number=True),
        Column("Directory", sort="directory", hide_narrow=True),
        Column("State", sort="state"),
        Column("Since", sort="since", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    order="by name",
    empty=Empty(
        "No teams yet",
        "Give a role to a team once, instead of to each of its people.",
        href=f"{TEAMS}/add",
        link="Make a team",
    ),
    filters=(Filter("which", "Show", (("", "those there are"), ("all", "also ended ones"))),),
    actions=(Action("Make a team", f"{TEAMS}/add", MANAGE, "main"),),
)


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    team = access.team(work, asked["team_id"])
    here = f"{TEAMS}/{team.id}"
    inside = access.members(work, team.id)
    names = access.names(work, [each.member.id for each in inside])
    members = tuple(
        (
            holder_cell(each.member, names),
            time_cell(each.joined_at),
            Cell("Take out", f"{here}/part?member={each.member.kind.value}:{each.member.id}"),
        )
        for each in inside
    )
    count = f"{len(inside)} {'member' if len(inside) == 1 else 'members'}"
    return ShownPage(
        title=team.name,
        lede="The team has ended; it holds nothing."
        if team.ended_at
        else f"{count}. Each holds what the team holds, for as long as they are in it.",
        crumbs=_CRUMBS,
        state=tag_cell("ended" if team.ended_at else "there", _STATES),
        facts=(
            ("Id", Cell(team.id, kind="code")),
            ("Directory", Cell(team.external_id or "made here")),
            ("Since", time_cell(team.created_at)),
            *((("Ended", time_cell(team.ended_at)),) if team.ended_at else ()),
            ("In the ledger", Cell("Every record about it", belongings.records(team.id))),
        ),
        sections=(
            Section(
                "Members",
                (Column("Who"), Column("Since"), Column("")),
                members,
                Empty(
                    "Nobody is in this team",
                    "What it holds reaches nobody.",
                    href=f"{here}/join",
                    link="Put somebody in",
                ),
            ),
            belongings.grants(work, Holder(HolderKind.TEAM, team.id)),
        ),
        actions=()
        if team.ended_at
        else (
            Action("Put somebody in", f"{here}/join", MANAGE, "main"),
            Action("Give a role", f"{ADDRESS}/grants/give?holder=team:{team.id}", "access.grant"),
            Action("Change", f"{here}/change", MANAGE),
            Action("End the team", f"{here}/end", MANAGE, "stop"),
        ),
    )


SHOW: Final = Show(AREA, "teams/{team_id}", "Show a team: who is in it and what it holds.", _page)


def _add_sheet(_work: Work, _typed: Typed) -> Sheet:
    return Sheet(
        title="Make a team",
        lede="It holds nothing and nobody is in it, at first.",
        button="Make the team",
        fields=(
            Field("name", "Name", placeholder="Credit risk"),
            Field(
                "external_id",
                "Id in your directory",
                required=False,
                hint="If a directory keeps this team, by SCIM or single sign-on.",
            ),
        ),
        back=TEAMS,
        crumbs=_CRUMBS,
    )


def _add(work: Work, typed: Typed) -> Outcome:
    made = access.add_team(work, typed.get("name", ""), external_id=typed.get("external_id", ""))
    return f"{TEAMS}/{made.id}"


ADD: Final = Act(AREA, "teams/add", "Make a team.", MANAGE, _add_sheet, _add)


def _sheet(
    team: Team,
    title: str,
    button: str,
    consequences: tuple[str, ...],
    fields: tuple[Field, ...] = (),
    tone: str = "main",
) -> Sheet:
    here = f"{TEAMS}/{team.id}"
    return Sheet(
        title=title,
        lede=f"The team {team.name}.",
        button=button,
        fields=(*fields, Field("version", "", kind="hidden", value=str(team.version))),
        consequences=consequences,
        tone=tone,
        back=here,
        crumbs=(*_CRUMBS, (team.name, here)),
    )


def _change_sheet(work: Work, typed: Typed) -> Sheet:
    team = access.team(work, typed["team_id"])
    fields = (
        Field("name", "Name", value=team.name),
        Field("external_id", "Id in your directory", value=team.external_id, required=False),
    )
    return _sheet(team, f"Change {team.name}", "Save", (), fields)


def _change(work: Work, typed: Typed) -> Outcome:
    team_id = TeamId(typed["team_id"])
    access.change_team(
        work,
        team_id,
        name=typed.get("name", ""),
        external_id=typed.get("external_id", ""),
        version=belongings.version(typed),
    )
    return f"{TEAMS}/{team_id}"


CHANGE: Final = Act(
    AREA, "teams/{team_id}/change", "Change a team.", MANAGE, _change_sheet, _change
)


def _join_sheet(work: Work, typed: Typed) -> Sheet:
    team = access.team(work, typed["team_id"])
    held = belongings.grants(work, Holder(HolderKind.TEAM, team.id)).rows
    gives = tuple(f"They hold {row[0].text} over {row[1].text}." for row in held)
    return _sheet(
        team,
        f"Put somebody into {team.name}",
        "Put them in",
        (*gives, "Conflicting duties are judged first; if they meet, nothing is done."),
        (
            Field(
                "member",
                "Who",
                kind="select",
                options=choices(belongings.holder_options(work, teams=False)),
            ),
        ),
    )


def _join(work: Work, typed: Typed) -> Outcome:
    team_id = TeamId(typed["team_id"])
    access.join(work, team_id, belongings.holder_of(typed.get("member", ""), "member"))
    return f"{TEAMS}/{team_id}"


JOIN: Final = Act(
    AREA, "teams/{team_id}/join", "Put somebody into a team.", MANAGE, _join_sheet, _join
)


def _part_sheet(work: Work, typed: Typed) -> Sheet:
    team = access.team(work, typed["team_id"])
    member = belongings.holder_of(typed.get("member", ""), "member")
    name = access.names(work, [member.id]).get(member.id, member.id)
    return _sheet(
        team,
        f"Take {name} out of {team.name}?",
        "Take them out",
        (f"{name} holds nothing through this team any more, from now on.",),
        (Field("member", "", kind="hidden", value=typed.get("member", "")),),
        "stop main",
    )


def _part(work: Work, typed: Typed) -> Outcome:
    team_id = TeamId(typed["team_id"])
    access.part(work, team_id, belongings.holder_of(typed.get("member", ""), "member"))
    return f"{TEAMS}/{team_id}"


PART: Final = Act(
    AREA, "teams/{team_id}/part", "Take somebody out of a team.", MANAGE, _part_sheet, _part
)


def _end_sheet(work: Work, typed: Typed) -> Sheet:
    team = access.team(work, typed["team_id"])
    count = len(access.members(work, team.id))
    return _sheet(
        team,
        f"End {team.name}?",
        "End the team",
        (
            f"{count} {'member holds' if count == 1 else 'members hold'} nothing by it any more.",
            "Its grants are revoked. A team that has ended is not opened again.",
        ),
        tone="stop main",
    )


def _end(work: Work, typed: Typed) -> Outcome:
    team_id = TeamId(typed["team_id"])
    access.end_team(work, team_id, version=belongings.version(typed))
    return f"{TEAMS}/{team_id}"


END: Final = Act(AREA, "teams/{team_id}/end", "End a team.", MANAGE, _end_sheet, _end)
