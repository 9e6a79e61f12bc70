"""Granting: to others only, no more than one may, judged by person, recorded, and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment import access
from muniment.access import (
    EVERYTHING,
    GrantSource,
    Holder,
    HolderKind,
    Scope,
    ServiceId,
    ServiceKind,
    TeamId,
)
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.access.company import SYSTEM, Company

DAYS = timedelta(days=1)


def service_of(company: Company, name: str) -> Holder:
    """Make a service somebody answers for."""
    with company.work() as work:
        made = access.add_service(work, ServiceKind.AGENT, "agent", company.people[name])
    return Holder(HolderKind.SERVICE, made.id)


def team_of(company: Company, *names: str) -> Holder:
    """Make a team of some people."""
    with company.work() as work:
        team = access.add_team(work, f"Team of {' and '.join(names)}")
        for name in names:
            access.join(work, team.id, company.person(name))
    return Holder(HolderKind.TEAM, team.id)


@pytest.mark.requirement("ACC-01", "ACC-16")
def test_a_grant_is_given_recorded_and_taken_back(company: Company) -> None:
    """The record has who gave what to whom over what until when; reasons stay in the table."""
    ends = company.clock.now() + 30 * DAYS
    with company.work("ines") as work:
        made = access.grant(
            work,
            company.person("ana"),
            "builder",
            reason="Works on the scorer.",
            scope=SYSTEM,
            ends_at=ends,
        )
    (given,) = (e for e in company.recorded("access.granted") if e["subject"]["id"] == made.id)
    assert given["body"] == {
        "grant": made.id,
        "holder": {"kind": "person", "id": company.people["ana"]},
        "role": "builder",
        "scope": {"system": "sys_1"},
        "source": "person",
        "ends": "2026-03-31T12:00:00.000000Z",
        "exceptions": [],
        "flags": [],
    }
    assert "scorer" not in str(given)
    assert given["changes"].keys() == {"access_grants"}
    with company.look() as work:
        assert access.grant_of(work, made.id) == made
    with company.work("ines") as work:
        gone = access.revoke(work, made.id, reason="For tests.", version=1)
        assert access.revoked_because(work, made.id) == "For tests."
    assert (gone.revoked_by, gone.version) == (company.people["ines"], 2)
    (taken,) = company.recorded("access.revoked")
    assert taken["changes"].keys() == {"access_grants", "access_revocations"}
    assert "For tests" not in str(taken)
    for reason in ("", "  ", "a\0b", "x" * 100_000):
        with company.work("ines") as work, pytest.raises(InvalidError):
            access.revoke(work, made.id, reason=reason)
    with company.work("ines") as work, pytest.raises(ConflictError, match="ended already"):
        access.revoke(work, made.id, reason="For tests.")
    assert [e["subject"]["id"] for e in company.recorded("access.revoked")] == [made.id]


def test_nobody_grants_to_themselves_by_any_way(company: Company) -> None:
    """Not as oneself, not to a service one answers for, not to a team one is in, nor by joining."""
    service, team = service_of(company, "ines"), team_of(company, "ines", "ana")
    for holder in (company.person("ines"), service, team):
        with company.work("ines") as work, pytest.raises(ForbiddenError, match="to themselves"):
            access.grant(work, holder, "builder", reason="Me.")
    other = team_of(company, "bob")
    with company.work("ines") as work:
        access.grant(work, other, "operator", reason="Bob's.")
        with pytest.raises(ForbiddenError, match="to themselves"):
            access.join(work, TeamId(other.id), company.person("ines"))
        with pytest.raises(ForbiddenError, match="to themselves"):
            access.join(work, TeamId(other.id), service)
    with company.work() as work:
        theirs = access.grant(work, company.person("ines"), "operator", reason="x", scope=SYSTEM)
    with company.work("ines") as work, pytest.raises(ForbiddenError, match="to themselves"):
        access.extend(work, theirs.id, ends_at=None)


@pytest.mark.requirement("ACC-05")
def test_an_owner_grants_on_their_system_only_and_no_more_than_they_may(company: Company) -> None:
    """Another system, everything, and roles out of their hands are refused, whatever they ask."""
    company.grant("ana", "owner", SYSTEM)
    with company.work("ana") as work:
        bob = company.person("bob")
        access.grant(work, bob, "builder", reason="Mine.", scope=SYSTEM)
        narrower = Scope.of(system="sys_1", environment="test")
        access.grant(work, bob, "builder", reason="Mine.", scope=narrower)
        for scope in (EVERYTHING, Scope.of(system="sys_2"), Scope.of(environment="test")):
            with pytest.raises(ForbiddenError):
                access.grant(work, bob, "builder", reason="x", scope=scope)
        for role in ("owner", "admin", "auditor", "compliance"):
            with pytest.raises(ForbiddenError, match=f"owner may not give {role}"):
                access.grant(work, bob, role, reason="x", scope=SYSTEM, ends_at=work.now + DAYS)
    audit = company.grant("cora", "auditor", SYSTEM, ends_at=company.clock.now() + DAYS)
    with company.work("ana") as work, pytest.raises(ForbiddenError, match="take auditor back"):
        access.revoke(work, audit.id, reason="For tests.")
    elsewhere = company.grant("bob", "operator", Scope.of(system="sys_2"))
    with company.work("ana") as work:
        with pytest.raises(ForbiddenError, match="you may not do this"):
            access.revoke(work, elsewhere.id, reason="I know its id.")
        with pytest.raises(ForbiddenError, match="you may not do this"):
            access.extend(work, elsewhere.id, ends_at=work.now + DAYS)


@pytest.mark.requirement("ACC-04")
def test_conflicting_duties_are_judged_by_person(company: Company) -> None:
    """Accounts, services and teams resolve to the human, so none of them is a way around."""
    company.grant("ana", "builder", SYSTEM)
    service, team = service_of(company, "ana"), team_of(company, "bob", "ana")
    with company.work("ines") as work:
        for holder in (company.person("ana"), service, team):
            with pytest.raises(ConflictError, match="does not decide that it goes live"):
                access.grant(work, holder, "releaser", reason="x", scope=SYSTEM)
        with pytest.raises(ConflictError):
            access.grant(work, service, "releaser", reason="Everywhere.")
        access.grant(work, service, "releaser", reason="Elsewhere.", scope=Scope.of(system="s2"))
        access.grant(work, company.person("bob"), "releaser", reason="Bob.", scope=SYSTEM)
        held = access.duties_of(work, company.people["ana"])
    assert {(duty.name, str(duty.scope)) for duty in held} == {
        ("builder", "system sys_1"),
        ("releaser", "system s2"),
    }


def test_joining_and_owning_bring_no_conflict_in_by_the_back_door(company: Company) -> None:
    """Who builds does not come to release by joining a team or by being given a service."""
    company.grant("ana", "builder", SYSTEM)
    team, service = team_of(company, "bob"), service_of(company, "bob")
    hers = service_of(company, "ana")
    with company.work("ines") as work:
        access.grant(work, team, "releaser", reason="Team.", scope=SYSTEM)
        with pytest.raises(ConflictError, match="bring conflicting duties together"):
            access.join(work, TeamId(team.id), company.person("ana"))
        with pytest.raises(ConflictError, match="bring conflicting duties together"):
            access.join(work, TeamId(team.id), hers)
    with company.work("ines") as work:
        access.grant(work, service, "releaser", reason="Service.", scope=SYSTEM)
        named = ServiceId(service.id)
        with pytest.raises(ConflictError, match="bring conflicting duties together"):
            access.transfer_service(work, named, company.people["ana"])
        with pytest.raises(ConflictError, match="bring conflicting duties together"):
            access.leave(work, company.people["bob"], services_to=company.people["ana"])


@pytest.mark.requirement("ACC-04")
def test_an_exception_is_allowed_by_a_second_person_ends_and_is_counted(company: Company) -> None:
    """Few hands may do two things for a time, approved by somebody else; each use is counted."""
    company.grant("bob", "security")
    company.grant("ana", "builder", SYSTEM)
    company.grant("ana", "compliance", Scope.of(system="sys_9"))
    ana, now = company.people["ana"], company.clock.now()
    with company.work("ana") as work, pytest.raises(ForbiddenError):
        access.except_duty(work, ana, "builder", "releaser", reason="Me.", ends_at=now + DAYS)
    with company.work() as work, pytest.raises(ForbiddenError, match="for a person"):
        access.except_duty(work, ana, "builder", "releaser", reason="x", ends_at=now + DAYS)
    with company.work("bob") as work:
        for one, other, ends in (
            ("auditor", "policy", now + DAYS),
            ("admin", "builder", now + DAYS),
            ("builder", "releaser", now + 91 * DAYS),
            ("builder", "releaser", now),
        ):
            with pytest.raises(InvalidError):
                access.except_duty(work, ana, one, other, reason="x", ends_at=ends)
        ends = now + 9 * DAYS
        leave = access.except_duty(
            work, ana, "releaser", "builder", reason="Holidays.", ends_at=ends, scope=SYSTEM
        )
    with company.work("ines") as work:
        hers = company.person("ana")
        for later in (None, now + 10 * DAYS):
            with pytest.raises(ConflictError, match="the exception exc_"):
                access.grant(work, hers, "releaser", reason="x", scope=SYSTEM, ends_at=later)
        made = access.grant(work, hers, "releaser", reason="x", scope=SYSTEM, ends_at=ends)
    with company.look() as work:
        assert [(each.id, each.uses) for each in access.exceptions(work)] == [(leave.id, 1)]
    body = company.recorded("access.granted")[-1]["body"]
    assert (body["grant"], body["exceptions"]) == (made.id, [leave.id])
    with company.work("ines") as work, pytest.raises(ConflictError):
        access.extend(work, made.id, ends_at=now + 20 * DAYS)


def test_what_is_only_flagged_is_recorded(company: Company) -> None:
    """An admin who also builds is not stopped; the flag stands in the record."""
    company.grant("ines", "builder", SYSTEM)
    assert company.recorded("access.granted")[-1]["body"]["flags"] == ["admin+builder"]


@pytest.mark.requirement("ACC-05")
def test_the_last_admin_stays(company: Company) -> None:
    """Nothing takes away the last who manages access, and the refusal says what to do first."""
    with company.look() as work:
        (first,) = access.grants(work, role_name="admin").rows
    ines = company.people["ines"]
    soon = company.clock.now() + DAYS
    for name in ("", "ines"):
        with company.work(name) as work:
            for act in (
                lambda w: access.revoke(w, first.id, reason="For tests."),
                lambda w: access.suspend(w, ines),
                lambda w: access.leave(w, ines),
            ):
                with pytest.raises(ConflictError, match="nobody who is admin") as caught:
                    act(work)
                assert "make somebody else admin" in caught.value.remedy
    with company.work() as work, pytest.raises(ConflictError, match="nobody who is admin"):
        access.extend(work, first.id, ends_at=soon)
    company.grant("ana", "admin", ends_at=soon)
    with company.work() as work, pytest.raises(ConflictError, match="nobody who is admin"):
        access.suspend(work, ines)
    team = team_of(company, "bob")
    with company.work() as work:
        access.grant(work, team, "admin", reason="By team.")
        access.suspend(work, ines)
        for step in (
            lambda w: access.part(w, TeamId(team.id), company.person("bob")),
            lambda w: access.end_team(w, TeamId(team.id)),
            lambda w: access.suspend(w, company.people["bob"]),
        ):
            with pytest.raises(ConflictError, match="nobody who is admin"):
                step(work)


def test_a_grant_is_given_another_end(company: Company) -> None:
    """Longer or shorter, recorded with both ends; not what has ended, nor into the past."""
    now = company.clock.now()
    made = company.grant("ana", "builder", SYSTEM, ends_at=now + DAYS)
    with company.work("ines") as work:
        longer = access.extend(work, made.id, ends_at=now + 2 * DAYS, version=1)
        assert longer.ends_at == now + 2 * DAYS
        with pytest.raises(ConflictError, match="meanwhile"):
            access.extend(work, made.id, ends_at=None, version=1)
        with pytest.raises(InvalidError):
            access.extend(work, made.id, ends_at=now)
    body = company.recorded("access.grant_extended")[0]["body"]
    assert (body["ended"][:10], body["ends"][:10]) == ("2026-03-02", "2026-03-03")
    company.clock.advance(3 * 86_400)
    with company.work("ines") as work, pytest.raises(ConflictError, match="does not hold any more"):
        access.extend(work, made.id, ends_at=None)


def test_nothing_is_given_to_who_is_not_there(company: Company) -> None:
    """People who left, ended teams, strangers, unknown roles: refused."""
    with company.work() as work:
        access.leave(work, company.people["cora"])
        team = access.add_team(work, "Gone")
        access.end_team(work, team.id)
    with company.work("ines") as work:
        for holder in (company.person("cora"), Holder(HolderKind.TEAM, team.id)):
            with pytest.raises(ConflictError, match="nobody is there"):
                access.grant(work, holder, "builder", reason="x")
        for kind in HolderKind:
            with pytest.raises(NotFoundError):
                access.grant(work, Holder(kind, "x_1"), "builder", reason="x")
        with pytest.raises(NotFoundError, match="no role"):
            access.grant(work, company.person("ana"), "emperor", reason="x")
        for reason in ("", "  ", "a\0b"):
            with pytest.raises(InvalidError):
                access.grant(work, company.person("ana"), "builder", reason=reason)


def test_everybody_may_give_up_their_own(company: Company) -> None:
    """A person takes their own grant back without being an admin; a suspended one does nothing."""
    mine = company.grant("ana", "builder", SYSTEM)
    other = company.grant("bob", "builder", SYSTEM)
    with company.work("ana") as work:
        access.revoke(work, mine.id, reason="For tests.")
        with pytest.raises(ForbiddenError):
            access.revoke(work, other.id, reason="For tests.")
    with company.work() as work:
        access.suspend(work, company.people["bob"])
    with company.work("bob") as work, pytest.raises(ForbiddenError, match="take grants back"):
        access.revoke(work, other.id, reason="For tests.")


def test_a_directory_grants_as_the_system(company: Company) -> None:
    """What a directory gives says so, and nobody's grant was relied on."""
    with company.work() as work:
        made = access.grant(
            work, company.person("ana"), "builder", reason="Group.", source=GrantSource.DIRECTORY
        )
    assert made.source is GrantSource.DIRECTORY
    bob = company.person("bob")
    for source in set(GrantSource) - {GrantSource.PERSON}:
        with company.work("ines") as work, pytest.raises(ForbiddenError, match="does not come"):
            access.grant(work, bob, "builder", reason="x", source=source)
    assert "grant" not in company.recorded("access.granted")[-1]["actor"]
