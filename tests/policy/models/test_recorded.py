"""Decisions as they are kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from muniment.core.digest import Digest
from muniment.policy import Decision, Effect, Reason, Remedy, decision_value, read_decision
from muniment.policy.models.recorded import Simulation

AT = datetime(2026, 3, 1, tzinfo=UTC)
BUNDLE = Digest("sha256:" + "0" * 64)
WHY = Reason("no-cards", "forbid", "cards leave nobody", ("C1.1",), "mask")
MADE = Decision(Effect.CURE, (WHY,), (Remedy.read("mask"),), BUNDLE)


def test_a_decision_that_was_kept_is_read_as_it_was() -> None:
    """Written as JSON and read again, a decision is the same, with its reasons and remedies."""
    again = read_decision(json.loads(json.dumps(decision_value(MADE))))
    assert again == MADE
    assert read_decision(decision_value(replace(MADE, errors=("bad",)))) != MADE


@pytest.mark.parametrize(
    ("tried", "unreadable", "whole"), [(10, 0, True), (9, 0, False), (10, 1, False)]
)
def test_a_simulation_says_whether_it_is_whole(*, tried: int, unreadable: int, whole: bool) -> None:
    """What was sampled, or could not be read, is never taken for all."""
    made = Simulation(BUNDLE, AT, AT, 10, tried, 0, (), unreadable)
    assert made.whole is whole
