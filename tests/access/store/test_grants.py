"""Grants, roles and exceptions as they are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from muniment import access
from muniment.access import Role, store
from muniment.core.errors import ConflictError, NotFoundError
from tests.access.company import SYSTEM, Company


def test_grants_come_back_for_their_time(company: Company) -> None:
    """A grant is found by its holder always, and for a moment only while it held."""
    ends = company.clock.now() + timedelta(hours=1)
    made = company.grant("ana", "builder", SYSTEM, ends_at=ends)
    with company.look() as work:
        assert store.grant(work, made.id) == made
        assert store.grants_of(work, [company.person("ana")]) == (made,)
        assert made in store.grants_at(work, work.now)
        assert made not in store.grants_at(work, ends)
        assert store.ended_between(work, None, ends) == (made,)
        assert store.ended_between(work, ends, ends + timedelta(hours=1)) == ()
        with pytest.raises(NotFoundError):
            store.grant(work, "grt_x")
    with company.work() as work, pytest.raises(ConflictError, match="meanwhile"):
        store.save_grant(work, replace(made, version=9))


def test_roles_keep_their_versions(company: Company) -> None:
    """What a role said on a day is answered after it says something else."""
    then = company.clock.now()
    with company.work() as work:
        access.define_role(work, "readers", "Read.", ["ledger.read"])
    company.clock.advance(60)
    with company.work() as work:
        access.define_role(work, "readers", "Read more.", ["ledger.read", "jobs.read"])
    with company.look() as work:
        assert store.roles(work, then)["readers"] == Role(
            "readers", "Read.", frozenset({"ledger.read"})
        )
        assert store.roles(work, work.now)["readers"].version == 2
        assert store.last_version(work, "readers") == 2
        assert store.last_version(work, "x") == 0


def test_exceptions_are_listed_by_person(company: Company) -> None:
    """All of them, or somebody's."""
    company.grant("bob", "security")
    with company.work("bob") as work:
        leave = access.except_duty(
            work,
            company.people["ana"],
            "builder",
            "releaser",
            reason="Few hands.",
            ends_at=work.now + timedelta(days=1),
            scope=SYSTEM,
        )
        assert store.exceptions(work) == (leave,)
        assert store.exceptions(work, company.people["ana"]) == (leave,)
        assert store.exceptions(work, company.people["bob"]) == ()
