"""The nouns of policy."""

from __future__ import annotations

import pytest

from muniment.policy import Decision, Effect, Facts, Remedy
from tests.policy.judging import ALLOW, bundle, facts, rule


def test_facts_come_back_as_they_were_kept() -> None:
    """Facts read from what was kept are the same facts, under the same digest."""
    given = facts("PERSON", person="per_9")
    again = Facts.read(given.as_value())
    assert again.as_value() == given.as_value()
    assert again.digest == given.digest
    assert facts("PERSON").digest != given.digest


@pytest.mark.parametrize(
    ("effect", "ok"), [(Effect.ALLOW, True), (Effect.CURE, True), (Effect.DENY, False)]
)
def test_only_a_deny_stops(effect: Effect, *, ok: bool) -> None:
    """An act goes on when it is allowed, at once or after its remedies."""
    assert Decision(effect, (), (), bundle().digest).ok is ok


def test_a_remedy_writes_itself_as_it_is_read() -> None:
    """What a remedy writes is read as the same remedy."""
    for written in ("mask", "mask:A,B", "route:restricted", "hold:security"):
        assert str(Remedy.read(written)) == written
    assert Remedy.read("mask: A , B").types == {"A", "B"}


def test_a_rule_is_found_by_its_id() -> None:
    """Whoever reads a decision can look its rules up."""
    rules = bundle(ALLOW, rule("x"))
    found = rules.rule("x")
    assert found is not None
    assert found.effect == "forbid"
    assert rules.rule("y") is None
