"""Who holds a role, or may do something, at a place."""

from __future__ import annotations

from muniment import access
from muniment.access import Holder, HolderKind, PersonId, Scope
from tests.approvals.conftest import office
from tests.approvals.people import ROOT, Office

__all__ = ["office"]

PLACE = Scope.of(system="sys_1")


def test_holders_are_active_people_where_they_hold_it(office: Office) -> None:
    """Directly or through a team; not elsewhere, not suspended, and no programs."""
    office.person("rel", "releaser")
    office.person("far", "releaser", scope=Scope.of(system="sys_2"))
    office.person("tom")
    office.person("gone", "releaser")
    with office.database.work(ROOT) as work:
        team = access.add_team(work, "Releasers")
        access.join(work, team.id, Holder(HolderKind.PERSON, office.id("tom")))
        access.grant(
            work,
            Holder(HolderKind.TEAM, team.id),
            "releaser",
            scope=PLACE,
            reason="for the test",
        )
        access.suspend(work, PersonId(office.id("gone")))
    with office.database.look(ROOT) as work:
        wanted = {office.id("rel"), office.id("tom")}
        assert set(access.who_holds(work, "releaser", PLACE)) == wanted
        assert wanted <= set(access.who_may(work, "approvals.decide", PLACE))
        assert access.who_holds(work, "releaser") == ()
        asked = [office.id("gone"), "per_none", "", office.id("rel"), office.id("rel")]
        assert access.active_people(work, asked) == (office.id("rel"),)
