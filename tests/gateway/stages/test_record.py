"""An answer is given only when its outcome is recorded."""

from __future__ import annotations

from tests.gateway.asking import Shared
from tests.gateway.doubles import Double, Reply, chat


def test_an_outcome_tells_use_cost_and_model(shared: Shared, provider: Double) -> None:
    """What the provider said of itself stands in the outcome, with what it cost."""
    provider.says(Reply.of(chat()))
    ended = shared.chat().body("concluded")
    assert (ended["input_tokens"], ended["output_tokens"], ended["cost_micros"]) == (3, 5, 56)
    assert (ended["provider_model"], ended["reached"]) == ("double-1.1", "whole")
    assert ended["answer"].startswith("hmac-sha256:")
