"""Keys: made by who acts with them, shown once, kept as a digest, replaced without a gap."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment import access
from muniment.access import Holder, HolderKind, Key, KeyLimits, ServiceKind
from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, UnauthenticatedError
from tests.access.company import SYSTEM, Company

HOUR = timedelta(hours=1)


def actor_of(key: Key) -> Actor:
    """Give who acts with a key."""
    kind = ActorKind.PERSON if key.holder.kind is HolderKind.PERSON else ActorKind.SERVICE
    return Actor(kind, key.holder.id, key.id)


def service_of(company: Company, name: str) -> Holder:
    """Make a service somebody answers for."""
    with company.work() as work:
        made = access.add_service(work, ServiceKind.AGENT, "agent", company.people[name])
    return Holder(HolderKind.SERVICE, made.id)


def test_a_key_is_shown_once_and_kept_as_a_digest(company: Company) -> None:
    """The secret is in the answer alone: not in the tables, not in the records, not in a repr."""
    company.grant("ana", "builder", SYSTEM)
    service = service_of(company, "ana")
    with company.work("ana") as work:
        fresh = access.issue_key(
            work,
            service,
            "night run",
            limits=KeyLimits(frozenset({"ledger.read"}), SYSTEM),
            budget="team-data",
        )
    random_part = fresh.secret.split("_")[2]
    assert random_part not in repr(fresh)
    assert random_part not in str(company.recorded())
    with company.database.inspect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM access_keys").all()
    assert random_part not in str(rows)
    with company.look("ana") as work:
        kept = access.key_of(work, fresh.key.id)
    assert (kept.label, kept.budget, kept.limits) == ("night run", "team-data", fresh.key.limits)
    assert kept.expires_at is not None
    body = company.recorded("access.key_issued")[0]["body"]
    assert (body["permissions"], body["scope"]) == (["ledger.read"], {"system": "sys_1"})
    assert access.identify_key(company.database, fresh.secret) == actor_of(kept)


def test_nobody_makes_keys_for_others(company: Company) -> None:
    """Whoever sees a secret could act in that name, so not even an admin is shown one."""
    service = service_of(company, "ana")
    team = Holder(HolderKind.TEAM, "team_1")
    with company.work("ines") as work:
        for holder in (company.person("ana"), service):
            with pytest.raises(ForbiddenError, match="made by who acts with them"):
                access.issue_key(work, holder, "x")
        with pytest.raises(InvalidError, match="a team has no keys"):
            access.issue_key(work, team, "x")
    with company.work("ana") as work, pytest.raises(ForbiddenError, match="have keys"):
        access.issue_key(work, company.person("ana"), "holds no grant at all")
    with company.work() as work:
        other = access.issue_key(work, service, "x").key
    with company.work("ines") as work, pytest.raises(ForbiddenError):
        access.rotate_key(work, other.id)


def test_a_key_makes_no_key_that_reaches_or_lasts_further(company: Company) -> None:
    """A stolen key cannot be turned into a wider or a longer one."""
    company.grant("ana", "operator")
    limits = KeyLimits(frozenset({"access.own_keys", "jobs.read"}), SYSTEM)
    ends = company.clock.now() + 10 * HOUR
    ana = company.person("ana")
    with company.work("ana") as work:
        key = access.issue_key(work, ana, "x", limits=limits, expires_at=ends).key
    with company.database.work(actor_of(key)) as work:
        access.issue_key(work, ana, "same", limits=limits, expires_at=ends)
        wider = KeyLimits(frozenset({"jobs.read", "jobs.retry"}), SYSTEM)
        for asked, until in (
            (wider, ends),
            (KeyLimits(None, SYSTEM), ends),
            (KeyLimits(frozenset({"jobs.read"})), ends),
            (limits, ends + HOUR),
            (limits, None),
        ):
            with pytest.raises(ForbiddenError, match="further than itself"):
                access.issue_key(work, ana, "x", limits=asked, expires_at=until)


def test_a_key_is_replaced_with_an_overlap(company: Company) -> None:
    """Both open while programs change over, with the same limits; then the old one does not."""
    company.grant("ana", "operator")
    limits = KeyLimits(frozenset({"jobs.read"}), SYSTEM)
    with company.work("ana") as work:
        old = access.issue_key(work, company.person("ana"), "x", limits=limits, budget="b")
        new = access.rotate_key(work, old.key.id, overlap=2 * HOUR)
        with pytest.raises(ConflictError, match="replaced already"):
            access.rotate_key(work, old.key.id)
        with pytest.raises(InvalidError, match="7 days at most"):
            access.rotate_key(work, new.key.id, overlap=timedelta(days=8))
    assert (new.key.limits, new.key.budget, new.key.label) == (limits, "b", "x")
    for secret in (old.secret, new.secret):
        assert access.identify_key(company.database, secret).id == company.people["ana"]
    company.clock.advance(2 * 3_600)
    with pytest.raises(UnauthenticatedError):
        access.identify_key(company.database, old.secret)
    assert access.identify_key(company.database, new.secret).credential == new.key.id
    body = company.recorded("access.key_rotated")[0]["body"]
    assert (body["key"], body["successor"]) == (old.key.id, new.key.id)


def test_a_key_is_ended_by_its_holder_or_by_security(company: Company) -> None:
    """Others may not; ended is ended; a replaced key can be ended before its overlap is over."""
    company.grant("ana", "operator")
    company.grant("bob", "security")
    with company.work("ana") as work:
        made = [access.issue_key(work, company.person("ana"), "x") for _ in range(3)]
        access.revoke_key(work, made[0].key.id, version=1)
        with pytest.raises(ConflictError, match="ended already"):
            access.revoke_key(work, made[0].key.id)
        with pytest.raises(ConflictError, match="meanwhile"):
            access.revoke_key(work, made[1].key.id, version=7)
        access.rotate_key(work, made[2].key.id)
        access.revoke_key(work, made[2].key.id)
    with company.work("cora") as work, pytest.raises(ForbiddenError):
        access.revoke_key(work, made[1].key.id)
    with company.work("bob") as work:
        access.revoke_key(work, made[1].key.id)
    for each in made:
        with pytest.raises(UnauthenticatedError):
            access.identify_key(company.database, each.secret)


def test_a_key_lasts_a_year_at_most_and_names_known_permissions(company: Company) -> None:
    """No key is for ever; what it is limited to exists; an end in the past is refused."""
    company.grant("ana", "operator")
    ana, now = company.person("ana"), company.clock.now()
    with company.work("ana") as work:
        long = access.issue_key(work, ana, "x", expires_at=now + timedelta(days=4_000)).key
        assert long.expires_at == now + timedelta(days=366)
        with pytest.raises(InvalidError, match="would have ended"):
            access.issue_key(work, ana, "x", expires_at=now)
        with pytest.raises(InvalidError, match="not a permission"):
            access.issue_key(work, ana, "x", limits=KeyLimits(frozenset({"ledger.reed"})))
        for label in ("", "x" * 300):
            with pytest.raises(InvalidError):
                access.issue_key(work, ana, label)


def test_keys_are_listed_by_who_holds_them(company: Company) -> None:
    """Everybody sees their own and those of their services; all of them, who may read access."""
    company.grant("ana", "builder", SYSTEM)
    service = service_of(company, "ana")
    with company.work("ana") as work:
        access.issue_key(work, service, "one")
        access.issue_key(work, company.person("ana"), "two")
        assert [each.label for each in access.keys(work, holder=service).rows] == ["one"]
        with pytest.raises(ForbiddenError):
            access.keys(work)
        with pytest.raises(ForbiddenError):
            access.keys(work, holder=company.person("bob"))
    with company.work("ines") as work:
        page = access.keys(work, limit=1)
        assert page.rows[0].label == "two" or page.next_cursor
        rest = access.keys(work, limit=1, cursor=page.next_cursor)
    assert {page.rows[0].label, rest.rows[0].label} == {"one", "two"}
    assert rest.next_cursor is None
