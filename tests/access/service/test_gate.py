"""The gate: judged in the same transaction as the act, and the grant relied on is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment import access
from muniment.access import (
    EVERYTHING,
    Holder,
    HolderKind,
    KeyLimits,
    Scope,
    ServiceKind,
)
from muniment.access.service.gate import people_behind, standing_of
from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import ForbiddenError
from muniment.ledger import record
from muniment.ledger.kinds import Heartbeat
from tests.access.company import HOST, SYSTEM, Company


@pytest.mark.requirement("ACC-20", "ACC-22")
def test_what_is_let_through_is_recorded_with_credential_and_grant(company: Company) -> None:
    """Every record says who acted, with which credential, relying on which grant."""
    grant = company.grant("ana", "operator")
    with company.work("ana") as work:
        assert access.require(work, "jobs.retry") == grant
        record(work, Heartbeat("test", 60))
    actor = company.recorded("ledger.heartbeat")[0]["actor"]
    assert actor == {
        "kind": "person",
        "id": company.people["ana"],
        "credential": "ses_ana",
        "grant": grant.id,
    }


@pytest.mark.requirement("ACC-19")
def test_what_is_refused_is_refused_with_reasons(company: Company) -> None:
    """Who may not is told why and what would help, and nothing is written."""
    company.grant("ana", "operator", SYSTEM)
    before = len(company.recorded())
    with pytest.raises(ForbiddenError) as caught, company.work("ana") as work:
        access.require(work, "jobs.retry", Scope.of(system="sys_2"))
    assert "reaches system sys_1" in caught.value.reasons[0]
    assert "operator or admin" in caught.value.remedy
    assert len(company.recorded()) == before


def test_the_host_passes_but_never_as_a_person(company: Company) -> None:
    """The command line on the machine may do all but what only a person may; nobody is named."""
    with company.work() as work:
        assert access.require(work, "ledger.rotate_key") is None
        assert access.may(work, HOST, "ledger.rotate_key").ok
        assert not access.may(work, HOST, "policy.publish").ok
        with pytest.raises(ForbiddenError, match="for a person"):
            access.require(work, "policy.publish")
        assert work.actor == HOST


def test_a_misspelt_permission_stops_the_program(company: Company) -> None:
    """An unknown name judges nobody, not even the host."""
    with company.work() as work, pytest.raises(TypeError):
        access.require(work, "jobs.retri")


def test_what_ends_during_the_work_counts_at_once(company: Company) -> None:
    """A grant that was revoked, and an account that was suspended, open nothing from then on."""
    grant = company.grant("ana", "operator")
    with company.work() as work:
        access.revoke(work, grant.id, reason="For tests.")
        assert not access.may(work, company.actor("ana"), "jobs.retry").ok
    company.grant("ana", "operator")
    with company.work("ana") as work:
        access.require(work, "jobs.retry")
    with company.work() as work:
        access.suspend(work, company.people["ana"])
        verdict = access.may(work, company.actor("ana"), "jobs.retry")
    assert verdict.reasons == ("their account is suspended",)


def test_strangers_have_no_standing(company: Company) -> None:
    """An id nobody knows, of a person or a service, may nothing."""
    with company.look() as work:
        for kind, named in ((ActorKind.PERSON, "per_x"), (ActorKind.SERVICE, "svc_x")):
            verdict = access.may(work, Actor(kind, named), "health.read")
            assert "is known" in verdict.reasons[0]


def test_a_service_stands_on_its_own_grants_while_somebody_answers_for_it(
    company: Company,
) -> None:
    """Services hold grants themselves and by teams, resolve to a person, and stop with them."""
    with company.work() as work:
        service = access.add_service(work, ServiceKind.PIPELINE, "nightly", company.people["ana"])
        team = access.add_team(work, "Data")
        bot = Holder(HolderKind.SERVICE, service.id)
        access.join(work, team.id, bot)
        access.grant(work, Holder(HolderKind.TEAM, team.id), "operator", reason="Runs at night.")
        actor = Actor(ActorKind.SERVICE, service.id)
        assert access.may(work, actor, "jobs.retry").ok
        assert access.standing(work, actor).person_id == company.people["ana"]
        assert people_behind(work, Holder(HolderKind.TEAM, team.id)) == (company.people["ana"],)
    with company.work() as work:
        access.suspend(work, company.people["ana"])
        assert access.may(work, actor, "jobs.retry").reasons == (
            "the person who answers for this service is suspended",
        )
        access.reactivate(work, company.people["ana"])
        access.suspend_service(work, service.id)
        assert access.may(work, actor, "jobs.retry").reasons == ("this service is suspended",)


def test_a_key_is_judged_with_its_holder_and_never_past_its_limits(company: Company) -> None:
    """A key opens what both it and its holder may; another's key opens nothing."""
    company.grant("ana", "operator")
    ana, bob = company.people["ana"], company.people["bob"]
    with company.work("ana") as work:
        limits = KeyLimits(frozenset({"jobs.read", "jobs.retry"}), SYSTEM)
        key = access.issue_key(work, company.person("ana"), "ci", limits=limits).key
    keyed = Actor(ActorKind.PERSON, ana, key.id)
    with company.work() as work:
        assert access.may(work, keyed, "jobs.retry", SYSTEM).ok
        assert "reaches system sys_1 only" in access.may(work, keyed, "jobs.retry").reasons[0]
        assert "not made for" in access.may(work, keyed, "ledger.seal", SYSTEM).reasons[0]
        other = Actor(ActorKind.PERSON, bob, key.id)
        assert "somebody else's" in access.may(work, other, "jobs.retry", SYSTEM).reasons[0]
        made_up = Actor(ActorKind.PERSON, ana, "key_x")
        assert "is not known" in access.may(work, made_up, "jobs.retry", SYSTEM).reasons[0]
        access.revoke_key(work, key.id)
        assert "has ended" in access.may(work, keyed, "jobs.retry", SYSTEM).reasons[0]


@pytest.mark.requirement("ACC-15")
def test_each_view_of_an_auditor_is_recorded_before_it_is_shown(company: Company) -> None:
    """What an auditor looks at stands in the ledger with the grant; others just look."""
    area = Scope.of(console="ledger")
    ends = company.clock.now() + timedelta(days=5)
    grant = company.grant("ana", "auditor", area, ends_at=ends)
    company.grant("bob", "operator")
    for name in ("ana", "bob"):
        with access.viewing(
            company.database, company.actor(name), "ledger.read", area, what="entry 7"
        ) as work:
            assert not work.writable
    (viewed,) = company.recorded("access.viewed")
    assert viewed["body"] == {
        "permission": "ledger.read",
        "scope": {"console": "ledger"},
        "what": "entry 7",
    }
    assert viewed["actor"]["grant"] == grant.id
    with (
        pytest.raises(ForbiddenError),
        access.viewing(company.database, company.actor("cora"), "ledger.read", area),
    ):
        pass


def test_standing_is_read_for_anybody(company: Company) -> None:
    """One can see what somebody stands on without being them."""
    company.grant("ana", "operator", SYSTEM)
    with company.look() as work:
        found = standing_of(work, company.person("ana"))
    assert [(grant.scope, role.name) for grant, role in found.grants] == [(SYSTEM, "operator")]
    assert found.limits == (None, EVERYTHING)
