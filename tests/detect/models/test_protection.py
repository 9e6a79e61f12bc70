"""Policies decide by their first line that fits."""

from __future__ import annotations

from muniment.detect.models import Action, ActionRule, Family, Finding, Policy, Why

MAIL = Finding("EMAIL_ADDRESS", Family.PII, 0, 4, 0.9, Why("mail"))


def test_the_first_rule_that_fits_decides() -> None:
    """Type, family and score must fit; without a line the default holds."""
    policy = Policy(
        "p",
        (
            ActionRule(Action.BLOCK, types=("EMAIL_ADDRESS",), min_score=0.95),
            ActionRule(Action.REDACT, families=(Family.PII,)),
            ActionRule(Action.ALLOW),
        ),
    )
    assert policy.rule_for(MAIL).action is Action.REDACT
    assert Policy("q").rule_for(MAIL).action is Action.MASK


def test_the_digest_names_what_a_policy_does() -> None:
    """The same rules give the same digest; any change gives another."""
    one = Policy("p", (ActionRule(Action.MASK, min_score=0.5),))
    assert one.digest == Policy("p", (ActionRule(Action.MASK, min_score=0.5),)).digest
    assert one.digest != Policy("p", (ActionRule(Action.MASK, min_score=0.6),)).digest


def test_every_action_says_what_it_does() -> None:
    """A reader is never shown a bare word."""
    assert all(action.says for action in Action)
    assert {action for action in Action if action.changes_text} == {
        Action.MASK,
        Action.TOKENISE,
        Action.REDACT,
        Action.HASH,
    }
