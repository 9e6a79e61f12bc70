"""What rules ask for becomes what is done to words, whole and in streams."""

from __future__ import annotations

import pytest

from muniment.core.digest import digest_bytes
from muniment.detect import Action, Family
from muniment.gateway.rulings import asks_for_tokens, policy_by_type, policy_of
from muniment.policy import Decision, Effect, Remedy, RemedyKind

TYPES = (("EMAIL_ADDRESS", Family.PII), ("API_KEY", Family.SECRETS))


def cured(*remedies: Remedy) -> Decision:
    """Make a decision that asks for remedies."""
    effect = Effect.CURE if remedies else Effect.ALLOW
    return Decision(effect, (), remedies, digest_bytes(b""))


def test_no_remedy_changes_no_text() -> None:
    """What rules do not name is noted and travels as it is."""
    policy = policy_of((Remedy(RemedyKind.HOLD, "owner"),))
    assert not any(rule.action.changes_text for rule in policy.rules)
    assert policy.default is Action.TAG


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        (RemedyKind.MASK, Action.MASK),
        (RemedyKind.REDACT, Action.REDACT),
        (RemedyKind.TOKENISE, Action.TOKENISE),
    ],
)
def test_each_cure_of_text_is_carried_out(kind: RemedyKind, action: Action) -> None:
    """Mask, redact and tokenise each do what they say, to all types or to those they name."""
    assert any(rule.action is action and not rule.types for rule in policy_of([Remedy(kind)]).rules)
    named = policy_of([Remedy(kind, "API_KEY")])
    assert any(rule.action is action and rule.types == ("API_KEY",) for rule in named.rules)
    assert asks_for_tokens(named) is (action is Action.TOKENISE)


def test_a_named_type_goes_before_all_types() -> None:
    """A cure for one type is not lost to a weaker one for all."""
    policy = policy_of((Remedy(RemedyKind.MASK), Remedy(RemedyKind.REDACT, "API_KEY")))
    first = next(r for r in policy.rules if "API_KEY" in r.types or not (r.types or r.families))
    assert first.action is Action.REDACT


def test_a_stream_does_to_each_type_what_the_rules_say_of_it() -> None:
    """One type is masked, a forbidden one blocks, and what nobody was asked about blocks too."""

    def decide(name: str, _family: Family) -> Decision:
        if name == "API_KEY":
            return Decision(Effect.DENY, (), (), digest_bytes(b""))
        return cured(Remedy(RemedyKind.MASK))

    policy = policy_by_type(TYPES, decide)
    by_type = {name: rule.action for rule in policy.rules for name in rule.types}
    assert by_type == {"EMAIL_ADDRESS": Action.MASK, "API_KEY": Action.BLOCK}
    assert policy.default is Action.BLOCK


def test_a_value_of_an_answer_gets_no_token() -> None:
    """A token gives the caller's own values back; what a model says is not theirs, so it goes."""
    policy = policy_by_type(TYPES, lambda _name, _family: cured(Remedy(RemedyKind.TOKENISE)))
    assert {rule.action for rule in policy.rules} == {Action.REDACT}


def test_a_cure_for_another_type_changes_nothing() -> None:
    """What a remedy does not name is only noted."""
    mask = cured(Remedy(RemedyKind.MASK, "API_KEY"))
    policy = policy_by_type(TYPES, lambda _name, _family: mask)
    by_type = {name: rule.action for rule in policy.rules for name in rule.types}
    assert by_type == {"EMAIL_ADDRESS": Action.TAG, "API_KEY": Action.MASK}
