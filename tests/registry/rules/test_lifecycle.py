"""The life of a system: which step may follow which."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment.core.errors import ConflictError, InvalidError
from muniment.registry import SystemState
from muniment.registry.rules.lifecycle import read_disposal, require_step, review_due
from tests.registry.making import AT, a_system

DISPOSAL = {
    "data": "deleted",
    "models": "archived",
    "access": "revoked",
    "records": "kept for seven years",
}


@pytest.mark.parametrize("state", list(SystemState))
def test_nothing_follows_a_retirement(state: SystemState) -> None:
    """What is retired stays retired, and says what to do instead."""
    with pytest.raises(ConflictError) as caught:
        require_step(replace(a_system(), state=SystemState.RETIRED), state)
    assert "register" in caught.value.remedy


@pytest.mark.parametrize("state", [each for each in SystemState if each != SystemState.RETIRED])
def test_every_system_can_be_retired(state: SystemState) -> None:
    """There is a way out of every state."""
    require_step(replace(a_system(), state=state), SystemState.RETIRED)


def test_a_proposed_system_does_not_go_live() -> None:
    """Between a proposal and users stands a review."""
    with pytest.raises(ConflictError, match="cannot become live"):
        require_step(replace(a_system(), state=SystemState.PROPOSED), SystemState.LIVE)


def test_the_higher_the_tier_the_shorter_a_review_holds() -> None:
    """An unknown tier is looked at as often as the highest."""
    days = [review_due(tier, AT) for tier in ("low", "limited", "high", "critical")]
    assert days == sorted(days, reverse=True)
    assert review_due("", AT) == review_due("critical", AT)


def test_a_disposal_says_what_became_of_everything() -> None:
    """Data, models, access and records: none is left out, nothing else is taken."""
    assert read_disposal(DISPOSAL) == DISPOSAL
    with pytest.raises(InvalidError) as caught:
        read_disposal({**DISPOSAL, "access": " "})
    assert caught.value.field == "disposal.access"
    with pytest.raises(InvalidError):
        read_disposal({**DISPOSAL, "furniture": "sold"})
