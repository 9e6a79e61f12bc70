"""Teams: who is in one holds what it holds, from when until when."""

from __future__ import annotations

import pytest

from muniment import access
from muniment.access import Holder, HolderKind, TeamId
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.access.company import SYSTEM, Company


@pytest.mark.requirement("ACC-02", "ACC-14")
def test_members_hold_what_the_team_holds_while_they_are_in(company: Company) -> None:
    """Joining gives, parting takes, and both are recorded with the membership."""
    ana = company.person("ana")
    with company.work("ines") as work:
        team = access.add_team(work, "Data")
        held = Holder(HolderKind.TEAM, team.id)
        access.grant(work, held, "builder", reason="Datasets.", scope=SYSTEM)
        joined = access.join(work, team.id, ana)
        assert access.may(work, company.actor("ana"), "detect.scan", SYSTEM).ok
        with pytest.raises(ConflictError, match="in this team already"):
            access.join(work, team.id, ana)
        access.part(work, team.id, ana)
        assert not access.may(work, company.actor("ana"), "detect.scan", SYSTEM).ok
        with pytest.raises(NotFoundError):
            access.part(work, team.id, ana)
        assert access.join(work, team.id, ana).id != joined.id
    assert company.recorded("access.member_joined")[0]["body"]["membership"] == joined.id
    assert company.recorded("access.member_left")[0]["body"]["membership"] == joined.id


def test_a_team_changes_and_ends(company: Company) -> None:
    """Names are one team's at a time; what has ended stays ended, and gives its name up."""
    with company.work("ines") as work:
        team = access.add_team(work, "Data", external_id="g-1")
        with pytest.raises(ConflictError, match="another team has this name"):
            access.add_team(work, "DATA")
        assert access.change_team(work, team.id, name="Data", external_id="g-1") == team
        changed = access.change_team(work, team.id, name="Models", version=1)
        with pytest.raises(ConflictError, match="meanwhile"):
            access.change_team(work, team.id, name="X", version=1)
        grant = access.grant(
            work, Holder(HolderKind.TEAM, team.id), "builder", reason="x", scope=SYSTEM
        )
        access.join(work, team.id, company.person("ana"))
        access.end_team(work, team.id, version=changed.version)
        assert access.grant_of(work, grant.id).revoked_at == work.now
        assert access.members(work, team.id) == ()
        for act in (access.end_team, access.change_team):
            with pytest.raises(ConflictError, match="has ended"):
                act(work, team.id)
        with pytest.raises(ConflictError, match="has ended"):
            access.join(work, team.id, company.person("bob"))
        assert access.teams(work).rows == ()
        assert [each.id for each in access.teams(work, ended=True).rows] == [team.id]
        access.add_team(work, "Models")
    body = company.recorded("access.team_ended")[0]["body"]
    assert (body["memberships"], body["grants"]) == (1, [grant.id])


def test_teams_hold_people_and_services_who_are_there(company: Company) -> None:
    """No team in a team, no stranger, nobody who left."""
    with company.work("ines") as work:
        team = access.add_team(work, "Data").id
        access.leave(work, company.people["cora"])
        with pytest.raises(InvalidError, match="not put into a team"):
            access.join(work, team, Holder(HolderKind.TEAM, team))
        with pytest.raises(ConflictError, match="has left"):
            access.join(work, team, company.person("cora"))
        for kind in (HolderKind.PERSON, HolderKind.SERVICE):
            with pytest.raises(NotFoundError):
                access.join(work, team, Holder(kind, "x_1"))
        with pytest.raises(NotFoundError):
            access.join(work, TeamId("team_x"), company.person("ana"))


def test_who_may_go_and_who_may_not_send(company: Company) -> None:
    """A person leaves a team by themselves; only who manages teams takes others out."""
    with company.work() as work:
        team = access.add_team(work, "Data").id
        access.join(work, team, company.person("ana"))
        access.join(work, team, company.person("bob"))
    with company.work("ana") as work:
        access.part(work, team, company.person("ana"))
        for act in (
            lambda: access.part(work, team, company.person("bob")),
            lambda: access.join(work, team, company.person("ana")),
            lambda: access.add_team(work, "Mine"),
            lambda: access.end_team(work, team),
        ):
            with pytest.raises(ForbiddenError):
                act()
