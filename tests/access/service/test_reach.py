"""Who could reach what on a day, and the sealed entries that prove it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from muniment import access, ledger
from muniment.access import Holder, HolderKind, Reach, ServiceKind
from muniment.core.errors import ForbiddenError, InvalidError
from muniment.settings import Settings
from muniment.testing.ledger import audit, opened_log
from tests.access.company import SYSTEM, Company

HOUR = 3_600


def reach(company: Company, when: datetime) -> dict[tuple[str, str], Reach]:
    """Ask who could reach what; give it by person and role."""
    with company.look("ines") as work:
        found = access.at(work, when)
    names = {named: name for name, named in company.people.items()}
    return {(names[each.person_id], each.role.name): each for each in found if each.person_id}


@pytest.mark.requirement("ACC-09", "ACC-15", "ACC-22")
def test_the_past_stays_as_it_was(company: Company) -> None:
    """Whatever ends, moves or is redefined later, a day of the past is answered the same way."""
    moments = [company.clock.now()]

    def later() -> datetime:
        company.clock.advance(HOUR)
        return company.clock.now()

    with company.work() as work:
        team = access.add_team(work, "Data")
        access.grant(work, Holder(HolderKind.TEAM, team.id), "builder", reason="x", scope=SYSTEM)
        access.join(work, team.id, company.person("ana"))
        service = access.add_service(work, ServiceKind.AGENT, "A", company.people["bob"])
        bot = Holder(HolderKind.SERVICE, service.id)
        access.grant(work, bot, "operator", reason="x", scope=SYSTEM)
        access.define_role(work, "readers", "Read.", ["ledger.read"])
        access.grant(work, company.person("cora"), "readers", reason="x")
    moments.append(later())
    before = reach(company, moments[1])
    later()
    with company.work() as work:
        access.part(work, team.id, company.person("ana"))
        access.transfer_service(work, service.id, company.people["cora"])
        access.define_role(work, "readers", "Read more.", ["ledger.read", "jobs.read"])
        access.suspend(work, company.people["cora"])
    moments.append(later())
    assert set(reach(company, moments[0] - timedelta(seconds=1))) == set()
    assert reach(company, moments[1]) == before
    assert set(before) == {
        *(("ines", "admin"), ("ana", "builder"), ("bob", "operator"), ("cora", "readers"))
    }
    after = reach(company, moments[2])
    assert set(after) == {("ines", "admin"), ("cora", "operator"), ("cora", "readers")}
    assert (before["cora", "readers"].state, after["cora", "readers"].state) == (
        "active",
        "suspended",
    )
    assert after["cora", "operator"].state == "owner suspended"
    assert len(before["cora", "readers"].role.permissions) == 1
    assert len(after["cora", "readers"].role.permissions) == 2


@pytest.mark.requirement("ACC-09", "ACC-22")
def test_every_line_is_proved_by_sealed_entries(company: Company, settings: Settings) -> None:
    """What made, lengthened and ended a grant, or put somebody into a team, is proved."""
    with opened_log(company.database, settings) as log:
        soon = company.clock.now() + timedelta(days=1)
        grant = company.grant("ana", "builder", SYSTEM, ends_at=soon)
        with company.work() as work:
            access.extend(work, grant.id, ends_at=soon + timedelta(days=1))
            team = access.add_team(work, "Data")
            held = Holder(HolderKind.TEAM, team.id)
            access.grant(work, held, "builder", reason="x", scope=SYSTEM)
            access.join(work, team.id, company.person("bob"))
        own = company.grant("cora", "builder", SYSTEM)
        then = company.clock.now()
        company.clock.advance(HOUR)
        with company.work() as work:
            access.revoke(work, grant.id, reason="For tests.")
        with company.work() as work:
            access.end_team(work, team.id)
        with company.work() as work:
            access.leave(work, company.people["cora"])
        log.seal()
        with company.look() as work:
            found = access.at(work, then)
        proofs = dict(
            zip(
                [(e.grant.id, e.through) for e in found],
                access.prove_reach(log, found),
                strict=True,
            )
        )
        audit(log)
        places = [
            place
            for proof in proofs.values()
            for place in (*proof.made, *proof.changed, *proof.ended, *proof.through)
        ]
        assert all(ledger.prove(log, place.index) for place in places)
        for place in places:
            assert ledger.entry(log, place.index).kind == place.kind
    hers = proofs[grant.id, ""]
    assert [each.kind for each in hers.made] == ["access.granted"]
    assert [each.kind for each in hers.changed] == ["access.grant_extended"]
    assert [each.kind for each in hers.ended] == ["access.revoked"]
    assert [each.kind for each in proofs[own.id, ""].ended] == ["access.person_left"]
    (team_proof,) = (proof for (_, through), proof in proofs.items() if through)
    assert [each.kind for each in team_proof.through] == ["access.member_joined"]
    assert [each.kind for each in team_proof.ended] == ["access.team_ended"]


def test_the_future_is_not_told_and_not_to_everybody(company: Company) -> None:
    """Nobody knows who will reach what; and who may not read access is told nothing."""
    with company.look("ines") as work, pytest.raises(InvalidError, match="future"):
        access.at(work, work.now + timedelta(seconds=1))
    with company.look("ana") as work, pytest.raises(ForbiddenError):
        access.at(work, work.now)
