"""The population of a review: every right of a day, each once."""

from __future__ import annotations

from muniment import access
from muniment.access import Holder, HolderKind, LineSort, ServiceKind
from muniment.access.rules import population_digest
from muniment.access.service.population import population
from tests.access.company import SYSTEM, Company

EVERY = frozenset(LineSort)


def test_each_right_is_a_line_of_its_sort(company: Company) -> None:
    """Grants, memberships with all they give, keys and rights elsewhere; whose each is."""
    with company.work() as work:
        team = access.add_team(work, "Data")
        held = Holder(HolderKind.TEAM, team.id)
        for system in ("sys_1", "sys_2"):
            access.grant(work, held, "builder", reason="x", scope=access.Scope.of(system=system))
        access.join(work, team.id, company.person("ana"))
        service = access.add_service(work, ServiceKind.AGENT, "A", company.people["bob"])
        bot = Holder(HolderKind.SERVICE, service.id)
        access.grant(work, bot, "operator", reason="x", scope=SYSTEM)
        access.issue_key(work, bot, "x")
        access.import_outside(work, "cloud", "account,what\nroot,admin\n")
    with company.look() as work:
        found = population(work, work.now, sorts=EVERY)
        again = population(work, work.now, sorts=EVERY)
    ana, bob, ines = (company.people[name] for name in ("ana", "bob", "ines"))
    assert sorted((e.sort.value, e.person_id or "", e.what) for e in found) == sorted(
        [
            ("grant", ines, "admin"),
            ("grant", "", "builder"),
            ("grant", "", "builder"),
            ("grant", bob, "operator"),
            (
                *("membership", ana),
                "in the team: builder over system sys_1; builder over system sys_2",
            ),
            ("key", bob, "key for all they may"),
            ("outside", "", "cloud: admin"),
        ]
    )
    assert len({(each.sort, each.target) for each in found}) == len(found)
    assert population_digest(found) == population_digest(again)


def test_a_right_elsewhere_of_somebody_who_left_says_so(company: Company) -> None:
    """Whoever reviews sees at once what should have ended when a person left."""
    with company.work() as work:
        access.import_outside(work, "cloud", "account,what\nana@example.org,admin\n")
        access.leave(work, company.people["ana"])
    with company.look() as work:
        (found,) = population(work, work.now, sorts=frozenset({LineSort.OUTSIDE}))
    assert found.what == "cloud: admin (this person has left)"
    assert found.person_id == company.people["ana"]


def test_what_ended_before_the_day_is_not_in_it(company: Company) -> None:
    """Revoked grants, ended keys, left teams and gone rights are no lines."""
    grant = company.grant("ana", "builder", SYSTEM)
    with company.work() as work:
        key = access.issue_key(work, company.person("ana"), "x").key
        access.import_outside(work, "cloud", "account,what\nroot,admin\n")
        access.revoke(work, grant.id, reason="For tests.")
        access.revoke_key(work, key.id)
        access.import_outside(work, "cloud", "account,what\n")
    with company.look() as work:
        found = population(work, work.now, sorts=EVERY)
    assert [each.what for each in found] == ["admin"]
