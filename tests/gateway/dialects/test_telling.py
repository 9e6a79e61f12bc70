"""Errors, usage and choices are told in one way by all interfaces of OpenAI's."""

from __future__ import annotations

import json

import pytest

from muniment.gateway.dialects import BY_SURFACE
from muniment.gateway.dialects.telling import choices_of, used, without
from muniment.gateway.exchange import Stop, Usage

STOP = Stop(403, "blocked", "a rule forbids it", field="messages", reasons=("r: why",))


@pytest.mark.parametrize("surface", ["chat", "completions", "embeddings", "responses"])
def test_an_error_is_told_as_their_clients_read_it(surface: str) -> None:
    """Status, field, code and reasons are where every client looks for them."""
    told = json.loads(BY_SURFACE[surface].error(STOP, "exc_1"))["error"]
    assert (told["type"], told["param"], told["code"]) == (
        "permission_error",
        "messages",
        "blocked",
    )
    assert told["reasons"] == ["r: why"]
    event = BY_SURFACE[surface].error_event(STOP, "exc_1")
    assert json.loads(event.partition(b"data: ")[2])["error"] == told


def test_what_a_provider_promises_and_does_not_keep_counts_nothing() -> None:
    """Usage and choices of any shape are read without a fault."""
    assert used({"prompt_tokens": 3, "completion_tokens": 4}) == Usage(3, 4)
    assert used([]) == used({"prompt_tokens": -1, "completion_tokens": True}) == Usage()
    assert choices_of({"choices": [{"a": 1}, 5]}) == [{"a": 1}]
    assert choices_of({"choices": "x"}) == []
    assert without({"a": 1, "b": 2}, frozenset({"a"})) == {"b": 2}
