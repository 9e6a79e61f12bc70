"""A call keeps to where its data may go, and every route that is left out is on record."""

from __future__ import annotations

import pytest

from tests.gateway.asking import EMAIL, USUAL, Shared
from tests.gateway.doubles import Double, Reply, chat


def test_routes_out_of_bounds_are_left_out_with_their_reasons(
    shared: Shared, provider: Double
) -> None:
    """The header narrows where this one call may go; the intent says what was not taken."""
    provider.says(Reply.of(chat()))
    told = {"authorization": f"Bearer {shared.gate.key}", "x-muniment-region": "eu"}
    body = {"model": "regions", "messages": [USUAL]}
    asked = shared.ask("/chat/completions", body, headers=told)
    begun = asked.body("intended")
    assert asked.status == 200
    assert [each.partition(":")[0] for each in begun["routes"]] == ["eu"]
    [reason] = begun["left_out"]
    assert reason == "us:openai/double-1: it is in us-east-1, and the data stays in eu"
    assert len(shared.chat("regions").body("intended")["routes"]) == 2


@pytest.mark.requirement("RES-01")
def test_where_none_is_left_the_call_is_refused_with_the_reasons(
    shared: Shared, provider: Double
) -> None:
    """Nothing leaves, the caller reads why for each route, and so does the record."""
    provider.says(Reply.of(chat()))
    told = {"authorization": f"Bearer {shared.gate.key}", "x-muniment-region": "mars"}
    asked = shared.ask("/chat/completions", {"model": "us", "messages": [USUAL]}, headers=told)
    assert (asked.status, asked.json["error"]["code"]) == (403, "blocked")
    assert "the data stays in mars" in asked.json["error"]["reasons"][0]
    assert asked.body("refused")["stage"] == "reside"
    assert provider.seen == []


def test_what_was_found_counts_as_a_class_of_data(shared: Shared, provider: Double) -> None:
    """Whoever hides a class from the headers has it found; a model without leave is not asked."""
    provider.says(Reply.of(chat()))
    asked = [{"role": "user", "content": f"Write to {EMAIL}, card 4111 1111 1111 1111."}]
    refused = shared.ask("/chat/completions", {"model": "eu", "messages": asked})
    assert refused.status == 403
    assert "may not be given financial" in refused.json["error"]["reasons"][0]
    assert provider.seen == []


def test_a_comparison_keeps_to_the_same_bounds(shared: Shared, provider: Double) -> None:
    """What may not go to a region is not compared there either, and that is on record."""
    provider.says(Reply.of(chat()))
    told = {"authorization": f"Bearer {shared.gate.key}", "x-muniment-region": "eu"}
    body = {"model": "abroad", "messages": [USUAL]}
    begun = shared.ask("/chat/completions", body, headers=told).body("intended")
    assert begun["shadow"] == ""
    assert begun["left_out"] == ["us:openai/double-1: it is in us-east-1, and the data stays in eu"]
    assert len(provider.seen) == 1
