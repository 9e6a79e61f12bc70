"""Policies are read from TOML and JSON, and each mistake is told with its field and a remedy."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import InvalidError
from muniment.detect.models import Action, Family
from muniment.detect.rules.policies import STANDARD, policy_from, read_policy, write_policy

TOML = """
name = "support"
default = "mask"
uninspected = "hold"

[[rules]]
action = "redact"
families = ["secrets"]
restore = false

[[rules]]
action = "route"
types = ["US_SSN"]
min_score = 0.8
to = "local-model"
"""


def test_a_policy_reads_the_same_from_toml_and_json() -> None:
    """Both forms say the same, and what is written is read back."""
    policy = read_policy(TOML)
    assert policy.rules[0].families == (Family.SECRETS,)
    assert policy.rules[1].to == "local-model"
    assert policy.uninspected is Action.HOLD
    assert read_policy(write_policy(policy)) == policy
    assert read_policy(write_policy(STANDARD)).digest == STANDARD.digest


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("name = 1", "name"),
        ('default = "maks"', "default"),
        ('uninspected = "mask"', "uninspected"),
        ("colour = 1", "policy"),
        ('rules = "x"', "rules"),
        ("[[rules]]", "rules[0].action"),
        ('[[rules]]\naction = "mask"\ntypes = "US_SSN"', "rules[0].types"),
        ('[[rules]]\naction = "mask"\ntypes = ["us ssn"]', "rules[0].types"),
        ('[[rules]]\naction = "mask"\nfamilies = ["cars"]', "rules[0].families"),
        ('[[rules]]\naction = "mask"\nmin_score = 2', "rules[0].min_score"),
        ('[[rules]]\naction = "mask"\nrestore = "no"', "rules[0].restore"),
        ('[[rules]]\naction = "route"', "rules[0].to"),
        ('[[rules]]\naction = "mask"\nto = "x"', "rules[0].to"),
        ("[[rules", "policy"),
        ("{", "policy"),
    ],
)
def test_each_mistake_names_its_field_and_a_remedy(text: str, field: str) -> None:
    """A policy is whole or it is refused; nothing in it is silently ignored."""
    with pytest.raises(InvalidError) as told:
        read_policy(text)
    assert told.value.field == field
    assert told.value.remedy


def test_a_rule_about_nothing_is_refused() -> None:
    """A type that nothing finds is a typing error that would leave values bare."""
    with pytest.raises(InvalidError):
        read_policy('[[rules]]\naction = "mask"\ntypes = ["EMIAL"]', known_types=["EMAIL_ADDRESS"])


@given(
    st.recursive(st.none() | st.text() | st.integers(), st.lists)
    | st.dictionaries(
        st.sampled_from(["name", "default", "rules", "x"]), st.text() | st.lists(st.text())
    )
)
def test_any_value_gives_a_policy_or_a_reason(value: object) -> None:
    """Whatever is handed in, the answer is a policy or an error of the family."""
    with suppress(InvalidError):
        assert policy_from(value).digest
