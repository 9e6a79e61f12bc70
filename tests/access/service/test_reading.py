"""Reading: everybody their own, and all of it only who may read access."""

from __future__ import annotations

import pytest

from muniment import access
from muniment.access import PersonState, ServiceKind
from muniment.core.errors import ForbiddenError, InvalidError
from tests.access.company import SYSTEM, Company


def test_without_permission_one_reads_only_oneself(company: Company) -> None:
    """IDOR: whoever swaps an id for another's is refused, whatever the thing is."""
    mine = company.grant("ana", "builder", SYSTEM)
    other = company.grant("bob", "builder", SYSTEM)
    ana, bob = company.people["ana"], company.people["bob"]
    with company.work() as work:
        service = access.add_service(work, ServiceKind.AGENT, "His", bob).id
        team = access.add_team(work, "Data").id
        key = access.issue_key(work, company.person("bob"), "x").key
    with company.work("ana") as work:
        assert access.person(work, ana).name == "Ana"
        assert access.grant_of(work, mine.id) == mine
        assert access.grants(work, holder_id=ana).rows == (mine,)
        assert access.identities(work, ana) == ()
        for act in (
            lambda: access.person(work, bob),
            lambda: access.identities(work, bob),
            lambda: access.grant_of(work, other.id),
            lambda: access.grants(work, holder_id=bob),
            lambda: access.grants(work),
            lambda: access.key_of(work, key.id),
            lambda: access.service(work, service),
            lambda: access.team(work, team),
            lambda: access.members(work, team),
            lambda: access.people(work),
            lambda: access.services(work),
            lambda: access.teams(work),
            lambda: access.roles(work),
            lambda: access.role(work, "admin"),
            lambda: access.exceptions(work),
        ):
            with pytest.raises(ForbiddenError):
                act()


def test_lists_come_in_pages_that_lose_nothing(company: Company) -> None:
    """Page by page gives each once and in order; limits and cursors are checked."""
    with company.work() as work:
        for number in range(5):
            access.add_team(work, f"Team {number}")
            access.add_service(work, ServiceKind.AGENT, f"Agent {number}", company.people["ana"])
    for number in range(4):
        company.grant("ana", "builder", access.Scope.of(system=f"s{number}"))
    with company.look("ines") as work:
        for ask, key in (
            (access.people, "name"),
            (access.teams, "name"),
            (access.services, "name"),
            (access.grants, "id"),
        ):
            found, cursor = [], None
            while True:
                page = ask(work, cursor=cursor, limit=2)
                found += [getattr(each, key) for each in page.rows]
                cursor = page.next_cursor
                if cursor is None:
                    break
            assert found == sorted(set(found), reverse=ask is access.grants)
            assert len(found) >= 4
            with pytest.raises(InvalidError):
                ask(work, limit=0)
            with pytest.raises(InvalidError):
                ask(work, cursor="not one of ours")


def test_people_are_found_by_state_and_words(company: Company) -> None:
    """Signs that mean something to a database are only letters here."""
    with company.work("ines") as work:
        access.suspend(work, company.people["bob"])
        suspended = access.people(work, state=PersonState.SUSPENDED).rows
        assert [each.name for each in suspended] == ["Bob"]
        assert [each.name for each in access.people(work, text="ANA@").rows] == ["Ana"]
        for text in ("%", "_", "' OR 1=1 --", "\\"):
            assert access.people(work, text=text).rows == ()
        held = access.grants(work, role_name="admin", only_holding=True).rows
    assert [each.holder.id for each in held] == [company.people["ines"]]
