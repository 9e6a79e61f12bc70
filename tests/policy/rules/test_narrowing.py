"""Which rules are left out: only those whose conditions are plainly false."""

from __future__ import annotations

from dataclasses import replace

import cedarpy
import pytest

from muniment.policy import Facts
from muniment.policy.rules.narrowing import Narrowing
from tests.policy.judging import facts, rule


def live(when: str, given: Facts, clause: str = "when") -> bool:
    """Tell whether a rule with this condition is asked."""
    text = rule("r", when=when).replace(" when {", f" {clause} {{")
    template = cedarpy.PolicySet.from_str(text).to_pst().static_policies["policy0"]
    return Narrowing((template,)).live(given) == (0,)


@pytest.mark.parametrize(
    ("when", "asked"),
    [
        ("true", True),
        ("false", False),
        ("!resource.approved", False),
        ("resource.restricted", False),
        ("context.tokens > 119", True),
        ("context.tokens > 120", False),
        ("120 < context.tokens", False),
        ("121 > context.tokens", True),
        ("context.tokens >= 120 && context.tokens <= 119", False),
        ('context.place.region == "eu"', True),
        ('context.place.region != "eu"', False),
        ('["us", "uk"].contains(context.place.region)', False),
        ('context.text.types.contains("IP_ADDRESS")', False),
        ('context.text.types.contains("CREDIT_CARD")', True),
        ('context.text.types.containsAny(["X", "Y"])', False),
        ('context.text.types.containsAll(["CREDIT_CARD", "Y"])', False),
        ('context.system.tier == "low"', False),
        ("context has person", False),
        ('context has person && context.person == "x"', False),
        ("principal.owner == context.system.owner", True),
        ("principal.owner != context.system.owner", False),
        ("context.tokens > 120 || resource.restricted", False),
        ("context.tokens > 120 || resource.approved", True),
        ("if resource.approved then false else true", True),  # not understood, so it is asked
        ('context.place.region like "us*"', True),
        ('context.place.region like "us*" && false', True),  # what stands first might have failed
        ("false && context.nothing", False),  # what stands behind is never reached
        ("context.nothing == 1 || false", True),  # it fails, so Cedar must say so
        ("context.nothing has region", True),  # so does this: there is nothing to look into
        ("context.place has country", False),
    ],
)
def test_a_rule_is_left_out_if_it_is_plainly_false(when: str, *, asked: bool) -> None:
    """What is false is left out; what is true, not known or fails is asked."""
    given = facts("CREDIT_CARD")
    assert live(when, given) is asked
    if when in ("true", "false"):
        assert live(when, given, "unless") is not asked


def test_what_is_no_such_fact_is_asked() -> None:
    """A number in place of a text, or a thing nobody knows, is left to Cedar."""
    given = facts()
    odd = replace(given, context={**given.context, "tokens": "many"})
    assert live("context.tokens > 500", odd)
    assert live("context.tokens == 500", odd)
    assert live('context.system.tier == "low"', replace(given, others=()))
    assert live("context.tokens == 1", replace(given, context={**given.context, "tokens": True}))
