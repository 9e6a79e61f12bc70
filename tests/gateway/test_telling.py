"""What headers tell of an answer: enough to disclose and to ask about it, nothing of its words."""

from __future__ import annotations

import pytest

from muniment.exchanges import Inspected, Judgement
from muniment.gateway.exchange import Answered, Call, Received, Route, replace
from muniment.gateway.telling import headers_of
from tests.gateway.asking import EMAIL, Shared
from tests.gateway.doubles import Double, Reply, chat


def told(call: Call) -> dict[str, str]:
    """Give the headers by their names."""
    pairs = headers_of(call)
    return {name.decode().removeprefix("x-muniment-"): value.decode() for name, value in pairs}


@pytest.mark.requirement("EUA-04", "GOV-13")
def test_an_answer_says_what_it_is_and_what_was_done(shared: Shared, provider: Double) -> None:
    """A caller reads that a machine wrote it, which model, and what kinds of values were masked."""
    provider.says(Reply.of(chat()))
    message = {"role": "user", "content": f"Write to {EMAIL}."}
    asked = shared.ask("/chat/completions", {"model": "claude", "messages": [message]})
    assert asked.status == 502, "this provider speaks another interface"
    asked = shared.ask("/chat/completions", {"model": "double", "messages": [message]})
    expected = {
        "x-muniment-ai-generated": "true",
        "x-muniment-disclosure": "This answer was written by an AI system and may be wrong.",
        "x-muniment-model": "double:openai/double-1",
        "x-muniment-provider-model": "double-1.1",
        "x-muniment-inspected": "whole",
        "x-muniment-protected": "mask: EMAIL_ADDRESS 1",
        "x-muniment-answer-inspected": "whole",
    }
    assert {name: asked.headers.get(name) for name in expected} == expected
    assert asked.headers["x-muniment-exchange"] == asked.body("intended")["exchange"]
    assert EMAIL not in str(asked.headers)


def test_headers_hold_nothing_that_splits_them() -> None:
    """A provider's words about itself are made plain before they stand in a header."""
    route = Route("a", "m\r\nx-evil: 1", "openai", {}, "openai", step="other region")
    model = "\u00e9\r\n" + "x" * 900
    answered = Answered(200, route, (), provider_model=model, not_told=("cache_control",))
    call = Call(Received("exc_1", "chat", {}, ""), answer=answered)
    pairs = headers_of(call)
    assert all(value.isascii() and b"\r" not in value and b"\n" not in value for _, value in pairs)
    found = told(call)
    assert (found["fallback"], found["not-passed-on"]) == ("other region", "cache_control")
    assert len(found["provider-model"]) == 300


def test_a_stream_says_what_is_known_when_it_begins() -> None:
    """What is not known yet is not said; that it was not inspected is."""
    answered = Answered(200, Route("a", "m", "fixed", {}, "any"), (), stream=object())
    judged = Judgement(Inspected.NOT)
    call = replace(Call(Received("exc_1", "chat", {}, "")), answer=answered, judged=judged)
    found = told(replace(call, exception="apr_1"))
    assert (found["inspected"], found["exception"]) == ("not", "apr_1")
    assert found["ai-generated"] == "false"
    assert "answer-inspected" not in found
    assert told(Call(Received("exc_1", "chat", {}, "")))["ai-generated"] == "true"
