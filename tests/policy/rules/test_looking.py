"""Which facts a set of rules can look at."""

from __future__ import annotations

import cedarpy
import pytest

from muniment.policy.rules.looking import reads_of
from tests.policy.judging import rule


@pytest.mark.parametrize(
    ("when", "names", "identities"),
    [
        ("true", set(), False),
        ("context.tokens > 3", {"tokens"}, False),
        (
            "context has person && context.person == resource.provider",
            {"person", "provider"},
            False,
        ),
        ('context.system.tier == "high"', {"system", "tier"}, False),
        ('principal in Muniment::Role::"x"', set(), False),
        ('principal in [Muniment::Role::"x", Muniment::Role::"y"]', set(), False),
        ('principal == Muniment::Person::"x"', set(), True),
        ('context.system == Muniment::System::"x"', {"system"}, True),
        ("[principal].contains(principal)", set(), True),
        ("context == context", None, False),
        ("context.place == context.place", None, False),
        ('context.place == {environment: "a"}', None, True),
        ("(if true then context.text else context.text) == context.text", None, False),
    ],
)
def test_what_is_read(when: str, names: set[str] | None, *, identities: bool) -> None:
    """Attributes are known by name; comparing whole things or records keeps all of them."""
    found = reads_of(cedarpy.PolicySet.from_str(rule("r", when=when)))
    assert found.names == (None if names is None else frozenset(names))
    assert found.identities or not identities


def test_a_principal_or_resource_named_in_the_head_matters() -> None:
    """A rule for one principal alone reads who it is."""
    text = 'permit (principal == Muniment::Person::"p", action, resource);'
    assert reads_of(cedarpy.PolicySet.from_str(text)).identities
    text = 'permit (principal in Muniment::Team::"t", action, resource);'
    found = reads_of(cedarpy.PolicySet.from_str(text))
    assert not found.identities
    assert ("Team", "t") in found.named
