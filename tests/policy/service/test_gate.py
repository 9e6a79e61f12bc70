"""Roles first, then the policy in force about the product itself."""

from __future__ import annotations

from muniment.access import EVERYTHING
from muniment.core.actor import system_actor
from muniment.policy.service.gate import author_of, people_who_decide, require_change
from tests.policy.company import Company


def test_who_decides_is_read_from_access(company: Company) -> None:
    """Those who manage access or publish policies are named with their roles; others are not."""
    company.person("cora", "builder", scope=EVERYTHING)
    with company.by("bo") as work:
        found = {each.id: set(each.roles) for each in people_who_decide(work)}
    assert found[company.id("ada")] == {"security"}
    assert found[company.id("bo")] == {"compliance"}
    assert company.id("cora") not in found
    assert {"admin"} in found.values()


def test_the_product_itself_passes_under_its_own_name(company: Company) -> None:
    """A part of the product may draft, and stands in the record as itself."""
    with company.database.look(system_actor("migration")) as work:
        assert require_change(work, "policy.propose") == "migration"
        assert author_of(work) == "migration"
