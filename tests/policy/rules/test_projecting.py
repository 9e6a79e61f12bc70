"""What of the facts is handed to Cedar: what a rule can look at, and no more."""

from __future__ import annotations

import cedarpy

from muniment.policy import Facts
from muniment.policy.rules.looking import reads_of
from muniment.policy.rules.projecting import projected
from tests.policy.judging import facts, rule


def seen(when: str, given: Facts) -> Facts:
    """Project by what a rule with this condition reads."""
    return projected(given, reads_of(cedarpy.PolicySet.from_str(rule("r", when=when))))


def test_only_what_is_read_is_kept() -> None:
    """A rule that reads a number leaves nothing else; one that reads nothing leaves nothing."""
    assert seen("context.tokens > 3", facts()).context == {"tokens": 120}
    nothing = seen("true", facts())
    assert (nothing.context, nothing.others, nothing.principal.parents) == ({}, (), ())
    assert nothing.principal.id == "principal"


def test_a_thing_is_kept_where_it_can_be_reached() -> None:
    """The system comes along where a rule reads it, under a name that is everybody's."""
    kept = seen('context.system.tier == "high"', facts())
    assert [each.attributes for each in kept.others] == [{"tier": "high"}]
    assert seen("resource.approved", facts()).others == ()


def test_whoever_is_compared_keeps_their_name() -> None:
    """Where a rule names somebody, they are who they are; a role that is named is kept."""
    assert seen('principal == Muniment::Application::"app_1"', facts()).principal.id == "app_1"
    kept = seen('principal in Muniment::Role::"caller"', facts(roles=("caller", "other")))
    assert kept.principal.parents == (("Role", "caller"),)
