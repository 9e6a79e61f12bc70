"""Another route is asked the same for comparison: on record, unseen, unbilled, in nobody's way."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from muniment import exchanges
from muniment.exchanges import Limit, Measure, ScopeKind, Window
from tests.gateway.asking import EMAIL, SECRET, Asked, Shared
from tests.gateway.calling import HERE
from tests.gateway.doubles import Double, Reply, Sent, chat, chunk

STREAM = [chunk({"role": "assistant", "content": "Good"}), chunk({"content": " day."})]


def claude(text: str = "Good day.") -> dict[str, Any]:
    """Say an answer of the other interface."""
    told = {"id": "m", "type": "message", "role": "assistant", "model": "claude-1.1"}
    usage = {"input_tokens": 3, "output_tokens": 5}
    content = [{"type": "text", "text": text}]
    return {**told, "content": content, "stop_reason": "end_turn", "usage": usage}


def says(provider: Double, primary: Reply, shadow: Reply) -> None:
    """Let both models answer, each at its own path."""
    provider.seen.clear()

    def say(sent: Sent) -> Reply:
        return shadow if sent.path == "/messages" else primary

    provider.say = say


def compared(shared: Shared, asked: Asked) -> Mapping[str, Any]:
    """Wait for what was recorded of a comparison."""
    exchange = asked.headers["x-muniment-exchange"]
    for _ in range(100):
        found = shared.gate.entries("exchanges.shadowed")
        mine = [each.body for each in found if each.body["exchange"] == exchange]
        if mine:
            return mine[0]
        threading.Event().wait(0.05)
    raise AssertionError("nothing was recorded")


def test_an_answer_is_compared_and_thrown_away(shared: Shared, provider: Double) -> None:
    """By digest, length and time; the caller sees nothing of it."""
    says(provider, Reply.of(chat()), Reply.of(claude()))
    asked = shared.chat("compared", user=EMAIL)
    assert asked.json["choices"][0]["message"]["content"] == "Good day."
    assert asked.body("intended")["shadow"] == "claude:anthropic/claude-1"
    told = compared(shared, asked)
    assert (told["same"], told["status"], told["problem"]) == ("met", 200, "")
    assert (told["length"], told["served_length"]) == (9, 9)
    assert (told["inspected"], told["output_tokens"]) == ("whole", 5)
    assert told["answer"].startswith("hmac")
    assert "Good day" not in str(told)


def test_what_differs_and_what_is_said_in_a_stream_is_compared_too(
    shared: Shared, provider: Double
) -> None:
    """A stream is compared with a whole answer of the other, by its words."""
    last = chunk({}, "stop")
    streamed = Reply.events(*STREAM, last)
    says(provider, streamed, Reply.of(claude("Something else.")))
    asked = shared.chat("compared", stream=True)
    assert b"[DONE]" in asked.raw
    assert compared(shared, asked)["same"] == "not_met"
    says(provider, streamed, Reply.of(claude()))
    assert compared(shared, shared.chat("compared", stream=True))["same"] == "met"
    assert all(not sent.body.get("stream") for sent in provider.seen if sent.path == "/messages")


@pytest.mark.parametrize(
    ("shadow", "problem"),
    [
        (Reply.of({"error": {"message": "no"}}, 500), "upstream_500"),
        (Reply((b"<html>",)), "unavailable"),
        (Reply((b"{",), drops=True), "unavailable"),
        (Reply.of(claude(f"The key is {SECRET}, card 4111 1111 1111 1111")), "blocked"),
    ],
)
def test_what_goes_wrong_there_is_recorded_and_reaches_nobody(
    shared: Shared, provider: Double, shadow: Reply, problem: str
) -> None:
    """The caller has their answer; failures and forbidden answers are only recorded."""
    says(provider, Reply.of(chat()), shadow)
    asked = shared.chat("compared")
    assert asked.status == 200
    told = compared(shared, asked)
    assert told["same"] == "could_not_tell"
    assert told["problem"].startswith(problem)
    assert SECRET not in str(told)


def test_a_slow_comparison_delays_nobody_and_counts_towards_no_limit(
    shared: Shared, provider: Double
) -> None:
    """The answer is there before the other model has said a word, and only it was counted."""
    limit = Limit(
        "", ScopeKind.SYSTEM, shared.gate.system, Measure.TOKENS, Window.DAY, 10**9, reason="All."
    )
    with shared.gate.house.database.work(HERE) as work:
        made = exchanges.set_limit(work, limit)
    shared.gate.look_again()
    says(provider, Reply.of(chat()), Reply((b"{}",), waits_s=0.5))
    asked = shared.chat("compared")
    exchange = asked.headers["x-muniment-exchange"]
    found = shared.gate.entries("exchanges.shadowed")
    assert not [each for each in found if each.body["exchange"] == exchange], "not yet"
    compared(shared, asked)
    with shared.gate.house.database.look(HERE) as work:
        used = exchanges.limit_in_use(work, made.id).used
    assert used == asked.json["usage"]["total_tokens"]
    with shared.gate.house.database.work(HERE) as work:
        exchanges.end_limit(work, made.id, reason="Tried.")
    shared.gate.look_again()
