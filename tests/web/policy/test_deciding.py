"""The page of a decision."""

from __future__ import annotations

from tests.policy.office import PolicyOffice
from tests.server.office import words


def test_a_decision_without_a_policy_is_explained(office: PolicyOffice) -> None:
    """Nothing in force means denied, and the page says so, with the facts and the replay."""
    kept = office.decide("CREDIT_CARD")
    told = words(office.page(f"/decisions/{kept.id}"))
    assert "no policy is in force" in told
    assert "No rule spoke" in told
    assert "context.tokens" in told
    assert "It was denied: call of model" in told
    assert "Nothing matches" in words(office.page("/decisions?shadow=yes"))
