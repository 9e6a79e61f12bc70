"""The table of what can be allowed, and the roles that come with the product."""

from __future__ import annotations

import re

import pytest

from muniment.access.rules import BUILT_IN, CONFLICTS, PERMISSIONS, permission_of, roles_carrying
from muniment.access.rules.duties import DUTIES


def test_every_permission_is_named_and_explained() -> None:
    """A permission is `room.verb`, a sentence, and lies in roles that exist; none is twice."""
    assert [n for n in PERMISSIONS if not re.fullmatch(r"[a-z]+\.[a-z_]+", n)] == []
    assert [each.name for each in PERMISSIONS.values() if not each.says.endswith(".")] == []
    assert all(set(each.roles) <= set(BUILT_IN) for each in PERMISSIONS.values())
    assert [each.name for each in PERMISSIONS.values() if not each.roles] == []


@pytest.mark.requirement("ACC-04")
def test_the_built_in_roles_are_the_separate_duties() -> None:
    """Eight roles: building, releasing and operating are three, and admin is none of them."""
    assert set(BUILT_IN) == set(DUTIES)
    assert all(role.built_in for role in BUILT_IN.values())
    refused = {frozenset({each.one, each.other}) for each in CONFLICTS if each.refuse}
    for pair in ({"builder", "releaser"}, {"builder", "operator"}, {"releaser", "operator"}):
        assert frozenset(pair) in refused


def test_an_auditor_only_reads_for_a_time_in_named_places() -> None:
    """The auditor's role carries nothing that writes; it must end, be scoped, and is watched."""
    auditor = BUILT_IN["auditor"]
    assert [name for name in auditor.permissions if PERMISSIONS[name].writes] == []
    assert auditor.must_expire
    assert auditor.must_scope
    assert auditor.views_recorded
    assert [role.name for role in BUILT_IN.values() if role.views_recorded] == ["auditor"]


def test_an_admin_has_no_duty_on_systems() -> None:
    """Who gives access neither opens content, nor publishes policies, nor decides approvals."""
    writes = {name for name in BUILT_IN["admin"].permissions if PERMISSIONS[name].writes}
    administered = {"access", "ledger", "jobs", "approvals", "notices", "gateway"}
    assert {name.partition(".")[0] for name in writes} <= administered
    assert {name for name in writes if name.startswith("notices.")} == {"notices.manage"}
    # While there is no system at all, somebody has to make the first.
    assert {name for name in writes if name.startswith("gateway.")} == {"gateway.begin"}
    assert "approvals.decide" not in writes
    assert "access.except" not in writes


def test_what_gives_rights_is_in_few_hands() -> None:
    """Only admins, owners and those who allow exceptions carry what leads to more rights."""
    holders = {role for each in PERMISSIONS.values() if each.gives for role in each.roles}
    assert holders == {"admin", "owner", "security", "compliance"}


def test_an_unknown_permission_is_a_mistake_in_the_program() -> None:
    """A misspelt permission never judges anybody; it stops the program that asks."""
    with pytest.raises(TypeError, match=r"ledger\.reed"):
        permission_of("ledger.reed")


def test_roles_that_carry_something_are_listed() -> None:
    """One can ask which roles would allow something."""
    assert roles_carrying("ledger.rotate_key", BUILT_IN.values()) == ("security",)
