"""Roles of one's own: versions, limits of what they carry, and no way around the rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from muniment import access
from muniment.access import Grant
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.access.company import SYSTEM, Company


def define(work: Any, *permissions: str, **facts: Any) -> access.Role:
    """Define the role that is tested."""
    return access.define_role(work, "readers", "Reads things.", permissions, **facts)


@pytest.mark.requirement("ACC-01")
def test_a_role_of_ones_own_allows_what_it_says_now(company: Company) -> None:
    """Whoever holds it holds its newest version; what was before is kept."""
    with company.work("ines") as work:
        first = define(work, "ledger.read")
        access.grant(work, company.person("ana"), "readers", reason="Reads.")
        ana = company.actor("ana")
        assert access.may(work, ana, "ledger.read").ok
        assert not access.may(work, ana, "jobs.read").ok
    company.clock.advance(60)
    with company.work("ines") as work:
        second = define(work, "ledger.read", "jobs.read", version=1)
        assert access.may(work, ana, "jobs.read").ok
        with pytest.raises(ConflictError, match="meanwhile"):
            define(work, "ledger.read", version=1)
        assert access.role(work, "readers") == second
        assert [each.name for each in access.roles(work)][-1] == "readers"
    assert (first.version, second.version) == (1, 2)
    bodies = [each["body"] for each in company.recorded("access.role_defined")]
    assert [body["version"] for body in bodies] == [1, 2]


def test_a_role_that_would_give_rights_or_nothing_is_refused(company: Company) -> None:
    """Nothing that leads to more rights, nothing unknown, not nothing, and no built-in name."""
    with company.work("ines") as work:
        for permissions in ((), ("ledger.reed",), ("access.grant",), ("access.manage_people",)):
            with pytest.raises(InvalidError):
                define(work, *permissions)
        with pytest.raises(ConflictError, match="stay as they are"):
            access.define_role(work, "admin", "Mine.", ["ledger.read"])
        with pytest.raises(InvalidError):
            access.define_role(work, "Admin", "Mine.", ["ledger.read"])
    company.grant("ana", "security")
    with company.work("ana") as work, pytest.raises(ForbiddenError):
        define(work, "ledger.read")


def test_a_role_does_not_become_what_its_holders_may_not_hold(company: Company) -> None:
    """A new version is judged for everybody who holds the role: duties, ends, places."""
    end = company.clock.now() + timedelta(days=100)
    company.grant("ana", "auditor", SYSTEM, ends_at=company.clock.now().replace(month=6))
    with company.work() as work:
        define(work, "ledger.read")
        access.grant(work, company.person("ana"), "readers", reason="x", scope=SYSTEM, ends_at=end)
        access.grant(work, company.person("bob"), "readers", reason="x")
        with pytest.raises(ConflictError, match="an auditor does not judge"):
            define(work, "ledger.read", "ledger.rotate_key")
        with pytest.raises(ConflictError, match="for a time only"):
            define(work, "ledger.read", must_expire=True)
        with pytest.raises(ConflictError, match="named places only"):
            define(work, "ledger.read", must_scope=True)


@pytest.mark.requirement("ACC-04")
def test_a_role_of_ones_own_is_no_way_around_separate_duties(company: Company) -> None:
    """Who builds a system does not release it under a role that was made for that."""
    company.grant("ana", "builder", SYSTEM)
    with company.work() as work:
        access.define_role(work, "shipper", "Ships.", ["registry.release"])
        access.define_role(work, "writer", "Writes.", ["registry.write"])
        access.define_role(
            work, "both", "Writes and ships.", ["registry.write", "registry.release"]
        )

    def given(name: str, role: str) -> Grant:
        return company.grant(name, role, SYSTEM)

    with pytest.raises(ConflictError, match="does not decide that it goes live"):
        given("ana", "shipper")
    with pytest.raises(ConflictError, match="does not decide that it goes live"):
        given("bob", "both")
    given("bob", "writer")
    with pytest.raises(ConflictError, match="does not decide that it goes live"):
        given("bob", "shipper")


def test_a_role_ends_when_nobody_holds_it(company: Company) -> None:
    """What is held is not taken away by the back door; an ended role can be defined anew."""
    with company.work("ines") as work:
        define(work, "ledger.read")
        held = access.grant(work, company.person("ana"), "readers", reason="x")
        with pytest.raises(ConflictError, match="1 grants of this role still hold"):
            access.end_role(work, "readers")
        access.revoke(work, held.id, reason="For tests.")
        access.end_role(work, "readers")
        for name in ("readers", "admin", "x"):
            with pytest.raises(NotFoundError):
                access.end_role(work, name)
        with pytest.raises(NotFoundError):
            access.role(work, "readers")
        assert define(work, "jobs.read").version == 2
