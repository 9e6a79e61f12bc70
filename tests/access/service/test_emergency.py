"""Break-glass: at once, for hours, loudly, and looked over by somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment import access
from muniment.access import EVERYTHING, Finding, GrantSource
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.access.company import SYSTEM, Company

HOUR = timedelta(hours=1)


def test_glass_is_broken_recorded_and_looked_over(company: Company) -> None:
    """A builder operates for an hour on their own system; it stays listed until it is reviewed."""
    company.grant("ana", "builder", SYSTEM)
    company.grant("bob", "security")
    with company.work("ana") as work:
        grant, emergency = access.break_glass(
            work, "operator", reason="All calls fail.", scope=SYSTEM
        )
        assert access.may(work, company.actor("ana"), "jobs.retry", SYSTEM).ok
    assert grant.source is GrantSource.BREAK_GLASS
    (entry,) = company.recorded("access.glass_broken")
    assert entry["body"]["flags"] == ["builder+operator"]
    assert (entry["body"]["emergency"], entry["body"]["role"]) == (emergency.id, "operator")
    assert "fail" not in str(entry)
    with company.work("ana") as work, pytest.raises(ForbiddenError):
        access.review_emergency(work, emergency.id, Finding.JUSTIFIED, words="Me.")
    with company.work("bob") as work:
        assert [each.id for each in access.emergencies(work, unreviewed=True)] == [emergency.id]
        with pytest.raises(InvalidError):
            access.review_emergency(work, emergency.id, Finding.JUSTIFIED, words=" ")
        with pytest.raises(ConflictError):
            access.review_emergency(work, emergency.id, Finding.JUSTIFIED, words="x", version=9)
        done = access.review_emergency(work, emergency.id, Finding.JUSTIFIED, words="It burned.")
        assert done.reviewed_by == company.people["bob"]
        assert access.emergencies(work, unreviewed=True) == ()
        assert not access.may(work, company.actor("ana"), "jobs.retry", SYSTEM).ok
        with pytest.raises(ForbiddenError, match="already"):
            access.review_emergency(work, emergency.id, Finding.UNJUSTIFIED, words="No.")
    assert company.recorded("access.emergency_reviewed")[0]["body"]["finding"] == "justified"


def test_an_emergency_ends_by_itself_and_is_not_made_longer(company: Company) -> None:
    """After its time it opens nothing; nobody extends it; another can follow."""
    company.grant("ana", "builder", SYSTEM)
    with company.work("ana") as work:
        grant, _ = access.break_glass(work, "operator", reason="x", scope=SYSTEM, lasting=HOUR)
        with pytest.raises(ForbiddenError, match="under way"):
            access.break_glass(work, "operator", reason="x", scope=SYSTEM)
    with company.work("ines") as work, pytest.raises(ConflictError, match="not made longer"):
        access.extend(work, grant.id, ends_at=work.now + 2 * HOUR)
    company.clock.advance(3_600)
    with company.work("ana") as work:
        assert not access.may(work, company.actor("ana"), "jobs.retry", SYSTEM).ok
        second, _ = access.break_glass(work, "operator", reason="x", scope=SYSTEM)
        access.revoke(work, second.id, reason="For tests.")
        access.break_glass(work, "releaser", reason="x", scope=SYSTEM)


def test_glass_is_broken_where_one_already_works_and_by_people(company: Company) -> None:
    """Not on other systems, not everywhere, not by who holds nothing, an auditor or a program."""
    company.grant("ana", "builder", SYSTEM)
    ends = company.clock.now() + HOUR
    company.grant("bob", "auditor", SYSTEM, ends_at=ends)
    for name, scope in (
        *(("ana", scope) for scope in (EVERYTHING, access.Scope.of(system="sys_2"))),
        *(("bob", SYSTEM), ("cora", SYSTEM), ("", SYSTEM)),
    ):
        with company.work(name) as work, pytest.raises(ForbiddenError):
            access.break_glass(work, "operator", reason="x", scope=scope)
    with company.work("ana") as work:
        with pytest.raises(NotFoundError):
            access.break_glass(work, "emperor", reason="x", scope=SYSTEM)
        with pytest.raises(InvalidError):
            access.break_glass(work, "operator", reason="", scope=SYSTEM)
        with pytest.raises(ForbiddenError):
            access.break_glass(work, "operator", reason="x", scope=SYSTEM, lasting=9 * HOUR)
    assert company.recorded("access.glass_broken") == []


def test_who_left_an_emergency_unreviewed_breaks_no_more_glass(company: Company) -> None:
    """It does not become a habit: an old one is looked over first."""
    company.grant("ana", "builder", SYSTEM)
    with company.work("ana") as work:
        access.break_glass(work, "operator", reason="x", scope=SYSTEM)
    company.clock.advance(4 * 86_400)
    with company.work("ana") as work, pytest.raises(ForbiddenError, match="never looked over"):
        access.break_glass(work, "operator", reason="x", scope=SYSTEM)


def test_what_an_emergency_gives_ends_with_it(company: Company) -> None:
    """Nobody makes themselves friends for ever in the hours they are admin."""
    company.grant("ana", "operator")
    with company.work() as work:
        team = access.add_team(work, "Admins").id
        held = access.Holder(access.HolderKind.TEAM, team)
        access.grant(work, held, "admin", reason="x")
    with company.work("ana") as work:
        access.break_glass(work, "admin", reason="Nobody else is here.", lasting=HOUR)
    bob = company.person("bob")
    with company.work("ana") as work:
        for ends in (None, work.now + 2 * HOUR):
            with pytest.raises(ForbiddenError, match="ends with it"):
                access.grant(work, bob, "builder", reason="x", scope=SYSTEM, ends_at=ends)
        with pytest.raises(ForbiddenError, match="ends with it"):
            access.join(work, team, bob)
        access.grant(work, bob, "builder", reason="x", scope=SYSTEM, ends_at=work.now + HOUR)
