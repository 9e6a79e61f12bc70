"""Teams as JSON, and who is in them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from muniment import access
from muniment.access import Holder, HolderKind, TeamId
from muniment.api.access.shapes import (
    AREA,
    MAX_ID,
    MAX_NAME,
    AnId,
    HolderGiven,
    MemberTold,
    TeamTold,
)
from muniment.api.asking import Doing, Given, Match, PageOf, Reading, Rows, page_of


class NewTeam(Given):
    """A group that shall hold grants for who is in it."""

    name: str = Field(max_length=MAX_NAME, examples=["Credit risk"])
    external_id: str = Field("", max_length=200, description="How a directory knows it.")


class TeamChange(Given):
    """What shall be different about a team; what is left out stays."""

    name: str | None = Field(None, max_length=MAX_NAME)
    external_id: str | None = Field(None, max_length=200)


def add_to(router: APIRouter) -> None:
    """Add the endpoints of teams."""

    @router.get("/teams", summary="List teams")
    def list_teams(asked: Reading, which: PageOf) -> Rows[TeamTold]:
        with asked.view("access.read", AREA) as work:
            return page_of(TeamTold, access.teams(work, **which.model_dump()))

    @router.post("/teams", status_code=201, summary="Make a team")
    def add_team(asked: Doing, given: NewTeam) -> TeamTold:
        return asked.make(
            TeamTold,
            lambda work: access.add_team(work, given.name, external_id=given.external_id),
        )

    @router.get("/teams/{team_id}", summary="Show a team")
    def show_team(asked: Reading, team_id: AnId) -> TeamTold:
        with asked.view("access.read", AREA) as work:
            return asked.show(TeamTold, access.team(work, team_id))

    @router.patch("/teams/{team_id}", summary="Change a team")
    def change_team(asked: Doing, team_id: AnId, version: Match, given: TeamChange) -> TeamTold:
        named = given.model_dump(exclude_unset=True)
        return asked.change(
            TeamTold,
            version,
            lambda work: access.team(work, team_id),
            lambda work: access.change_team(work, TeamId(team_id), **named, version=version),
        )

    @router.post("/teams/{team_id}/end", summary="End a team")
    def end_team(asked: Doing, team_id: AnId, version: Match) -> TeamTold:
        return asked.change(
            TeamTold,
            version,
            lambda work: access.team(work, team_id),
            lambda work: access.end_team(work, TeamId(team_id), version=version),
        )

    _add_members(router)


def _add_members(router: APIRouter) -> None:
    @router.get("/teams/{team_id}/members", summary="List who is in a team")
    def list_members(asked: Reading, team_id: AnId) -> Rows[MemberTold]:
        with asked.view("access.read", AREA) as work:
            rows = [MemberTold.model_validate(each) for each in access.members(work, team_id)]
        return Rows(rows=rows, next_cursor=None)

    @router.post("/teams/{team_id}/members", status_code=201, summary="Put somebody into a team")
    def join_team(asked: Doing, team_id: AnId, given: HolderGiven) -> MemberTold:
        return asked.do(
            MemberTold,
            lambda work: MemberTold.model_validate(
                access.join(work, TeamId(team_id), given.holder())
            ),
        )

    @router.delete("/teams/{team_id}/members/{kind}/{member_id}", summary="Take somebody out")
    def part_from_team(
        asked: Doing,
        team_id: AnId,
        kind: HolderKind,
        member_id: Annotated[str, Path(max_length=MAX_ID)],
    ) -> MemberTold:
        return asked.do(
            MemberTold,
            lambda work: MemberTold.model_validate(
                access.part(work, TeamId(team_id), Holder(kind, member_id))
            ),
        )
