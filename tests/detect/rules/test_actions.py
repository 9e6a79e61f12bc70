"""What is put in the place of a value, and what findings mean for the whole."""

from __future__ import annotations

import pytest

from muniment.core.errors import InvalidError
from muniment.detect.models import Action, ActionRule, Family, Finding, Outcome, Policy, Ruling, Why
from muniment.detect.rules.actions import (
    Means,
    place,
    require_means,
    rule_about,
    rule_about_uninspected,
    worse,
)

CARD = Finding("CREDIT_CARD", Family.FINANCIAL, 0, 4, 0.9, Why("card"))
KEY = b"0123456789abcdef"


def test_a_hash_is_keyed_and_the_same_for_the_same_value() -> None:
    """Equal values can be told equal; without the key nobody can try values out."""
    rule = ActionRule(Action.HASH)
    one = place("4111", CARD, rule, Means(hash_key=KEY))
    assert one == place("4111", CARD, rule, Means(hash_key=KEY))
    assert one != place("4111", CARD, rule, Means(hash_key=b"another key of it"))
    assert one.startswith("[CARD#")


def test_a_redacted_value_is_gone() -> None:
    """Nothing of it stays, and nothing turns it back."""
    means = Means()
    assert place("4111", CARD, ActionRule(Action.REDACT), means) == "[REDACTED]"
    assert means.pairs.as_map() == {}


@pytest.mark.parametrize("action", [Action.TOKENISE, Action.HASH])
def test_a_policy_without_its_means_does_not_begin(action: Action) -> None:
    """A missing vault or key is told before the first character, not half-way."""
    with pytest.raises(InvalidError) as told:
        require_means(Policy("p", (ActionRule(action),)), Means())
    assert told.value.field
    assert told.value.remedy


def test_the_strictest_action_decides_about_the_whole() -> None:
    """Block beats hold beats route, and all reasons are kept."""
    policy = Policy("p", (ActionRule(Action.HOLD, types=("CREDIT_CARD",)),))
    held = rule_about([CARD, CARD], policy, Ruling(Outcome.ROUTE, ("before",), "small"))
    assert held.outcome is Outcome.HOLD
    assert held.reasons == ("before", "CREDIT_CARD holds the call for a person")
    assert worse(held, Ruling(Outcome.BLOCK)).outcome is Outcome.BLOCK
    assert not held.passes


def test_what_is_not_inspected_stops_by_default() -> None:
    """Silence of a policy about it means stop."""
    assert rule_about_uninspected(Policy("p"), Ruling()).outcome is Outcome.BLOCK
    told = rule_about_uninspected(Policy("p", uninspected=Action.ALLOW), Ruling(), ("an image",))
    assert told.passes
    assert told.reasons == ("an image",)
