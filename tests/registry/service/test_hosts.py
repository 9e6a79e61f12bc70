"""Hosts tell, with their signature, what they run: kept beside what is declared."""

from __future__ import annotations

import pytest

from muniment import registry
from muniment.core.clock import stamp
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.registry import Heard, Heartbeat, Host, ObservedQuery
from tests.registry.making import NEW
from tests.registry.signed import A_KEY, a_key, public_of
from tests.registry.yard import Yard

PEM = public_of(A_KEY)


def trusted(yard: Yard, name: str = "web-1") -> Host:
    """Let compliance trust a host."""
    with yard.by("cora") as work:
        place = "production"
        return registry.trust_host(work, "credit-score", place, name, PEM, reason="met it")


def heard(yard: Yard, host: Host, set_digest: str, *, by: str = "otto", ago: int = 0) -> Heard:
    """Let a host's heartbeat come in."""
    with yard.by(by) as work:
        at = work.now.replace(microsecond=0)
    told = Heartbeat(host.id, set_digest, at)
    given = registry.signed_heartbeat(told, A_KEY, None)
    yard.later(ago)
    with yard.by(by) as work:
        return registry.hear_host(work, given)


@pytest.mark.requirement("INV-10", "CHG-15")
def test_a_heartbeat_makes_an_observed_interval(yard: Yard) -> None:
    """It stands beside what is declared, with its source; another set is a finding."""
    yard.approved()
    change = yard.released("Be kind.")
    host = trusted(yard)
    assert trusted(yard) == host
    yard.later(60)
    first = heard(yard, host, change.set_digest)
    assert heard(yard, host, change.set_digest) == first  # within a minute it is said once
    yard.later(3_600)
    longer = heard(yard, host, change.set_digest)
    assert (longer.number, longer.count) == (1, 2)
    assert longer.ends_at > longer.starts_at
    records = yard.recorded("registry.host_heard")
    assert [each["body"]["agrees"] for each in records] == [True, True]
    with yard.looking() as work:
        moment = registry.at(work, "credit-score", longer.ends_at)
        (seen,) = moment.observed
        assert (seen.source.value, seen.by) == ("observed", "heartbeat of web-1")
        assert (seen.set_digest, seen.record) == (change.set_digest, first.record_id)
        assert (moment.conflicts, registry.gaps(work, yard.system)) == ((), ())
    yard.later(7_200)
    with yard.looking() as work:
        assert registry.at(work, "credit-score", work.now).observed == (seen,)
    yard.later(86_400)
    with yard.looking() as work:
        assert registry.at(work, "credit-score", work.now).observed == ()
    other = heard(yard, host, NEW)
    assert other.number == 2
    with yard.looking() as work:
        moment = registry.at(work, "credit-score", other.ends_at)
        assert moment.deployment is not None
        assert moment.deployment.whole == change.set_digest  # what is declared stays
        assert moment.conflicts == (f"web-1 runs the set {NEW[:19]}, which is not declared then",)
        said = f"the host web-1 runs {NEW[:19]} in production, undeclared"
        assert said in registry.gaps(work, registry.get_system(work, "credit-score"))
        rows = registry.find_observed(work, ObservedQuery(), limit=1)
        assert rows.rows[0].set_digest == NEW
        rest = registry.find_observed(work, ObservedQuery(), cursor=rows.next_cursor)
        assert [each.set_digest for each in rest.rows] == [change.set_digest]


def test_who_is_not_trusted_is_not_heard(yard: Yard) -> None:
    """An old heartbeat, an ended host, somebody who may not report: each refused."""
    yard.approved()
    host = trusted(yard)
    with pytest.raises(ForbiddenError, match="clock"):
        heard(yard, host, NEW, ago=301)
    with pytest.raises(ForbiddenError):
        heard(yard, host, NEW, by="rita")
    yard.later(61)
    newest = heard(yard, host, NEW)
    with yard.by("otto") as work:
        early = Heartbeat(host.id, "sha256:" + "c" * 64, newest.ends_at)
        with pytest.raises(ForbiddenError, match="newer"):
            registry.hear_host(work, registry.signed_heartbeat(early, A_KEY, None))
    with yard.by("cora") as work:
        assert registry.end_host(work, host.id, reason="it is gone").ended_at is not None
    with pytest.raises(ForbiddenError, match="no such host"):
        heard(yard, host, NEW)
    with yard.by("cora") as work, pytest.raises(ConflictError):
        registry.end_host(work, host.id, reason="again")
    with yard.by("cora") as work, pytest.raises(NotFoundError):
        registry.end_host(work, "hst_none", reason="none")
    with yard.looking() as work:
        assert registry.gaps(work, yard.system) == ()  # an ended host is a finding no more


def test_a_host_is_trusted_by_who_may_and_where_it_is(yard: Yard) -> None:
    """Another environment, a second key of the same name, and a builder are refused."""
    yard.approved()
    trusted(yard)
    trust = registry.trust_host
    with pytest.raises(ForbiddenError), yard.by("ben") as work:
        trust(work, "credit-score", "production", "web-2", PEM, reason="mine")
    with pytest.raises(InvalidError, match="no environment"), yard.by("cora") as work:
        trust(work, "credit-score", "moon", "web-2", PEM, reason="far")
    with pytest.raises(ConflictError, match="another key"), yard.by("cora") as work:
        trust(work, "credit-score", "production", "web-1", public_of(a_key()), reason="new")
    with yard.looking() as work:
        (host,) = registry.hosts(work, "credit-score")
        assert stamp(host.made_at)
