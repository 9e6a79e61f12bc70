"""Services, teams and memberships as they are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment import access
from muniment.access import Holder, HolderKind, ServiceKind, store
from muniment.core.errors import ConflictError, NotFoundError
from tests.access.company import Company


def test_services_and_teams_come_back_as_they_were_kept(company: Company) -> None:
    """Every fact survives, by id, by name and by the id of a directory."""
    with company.work() as work:
        service = access.add_service(work, ServiceKind.PIPELINE, "A", company.people["ana"])
        team = access.add_team(work, "Data", external_id="g-1")
        assert store.service(work, service.id) == service
        assert store.services_of(work, company.people["ana"]) == (service,)
        assert store.services_named(work, [service.id]) == {service.id: service}
        assert store.active_services(work) == (service,)
        assert store.team(work, team.id) == team
        assert store.team_by_name(work, "DATA") == team
        assert store.team_by_external_id(work, "g-1") == team
        assert store.team_by_external_id(work, "g-2") is None
        for find in (store.service, store.team):
            with pytest.raises(NotFoundError):
                find(work, "x")


def test_who_comes_later_does_not_overwrite(company: Company) -> None:
    """Outdated services and teams are not saved."""
    with company.work() as work:
        service = access.add_service(work, ServiceKind.AGENT, "A", company.people["ana"])
        team = access.add_team(work, "Data")
        with pytest.raises(ConflictError, match="service"):
            store.save_service(work, replace(service, version=9))
        with pytest.raises(ConflictError, match="team"):
            store.save_team(work, replace(team, version=9))


def test_memberships_end_and_stay(company: Company) -> None:
    """Who was in a team on a day is answered after they left it."""
    ana = Holder(HolderKind.PERSON, company.people["ana"])
    with company.work() as work:
        team = access.add_team(work, "Data")
        joined = access.join(work, team.id, ana)
    then = company.clock.now()
    company.clock.advance(60)
    with company.work() as work:
        access.part(work, team.id, ana)
    with company.look() as work:
        assert store.members(work, team.id, work.now) == ()
        assert store.teams_of(work, [ana], work.now) == ()
        (was,) = store.members(work, team.id, then)
        assert (was.id, was.member, was.left_at) == (joined.id, ana, work.now)
        assert store.all_memberships(work, then) == (was,)
