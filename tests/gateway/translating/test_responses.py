"""A request of OpenAI's responses is told to other models, and their answer said in items."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given

from muniment.core.errors import InvalidError, UnavailableError
from muniment.gateway.dialects import BY_SURFACE
from muniment.gateway.dialects.base import Event
from muniment.gateway.events import Events
from muniment.gateway.translating import responses, said
from muniment.gateway.translating.responses import ResponsesSpeaker
from muniment.gateway.translating.said import Asking, Chosen, Telling, Turn, Why
from tests.gateway.translating.making import SOME, as_heard, tellings


def test_a_request_is_read() -> None:
    """Words, pictures, calls of tools and their results, and what steers the answer."""
    read = responses.read(
        {
            "model": "m",
            "instructions": "Be kind.",
            "input": [
                {"role": "developer", "content": "Be brief."},
                {"role": "user", "content": [{"type": "input_text", "text": "hi"}]},
                {"type": "function_call", "call_id": "c", "name": "f", "arguments": '{"a": 1}'},
                {"type": "function_call_output", "call_id": "c", "output": "done"},
            ],
            "tools": [{"type": "function", "name": "f", "parameters": None, "strict": True}],
            "tool_choice": {"type": "function", "name": "f"},
            "max_output_tokens": 9,
            "text": {"format": {"type": "json_schema", "name": "x", "schema": {"a": 1}}},
            "store": False,
        }
    )
    assert read.system == ("Be kind.", "Be brief.")
    assert read.turns == (
        Turn("user", (said.Text("hi"),)),
        Turn("assistant", (said.Use("c", "f", {"a": 1}),)),
        Turn("user", (said.Result("c", (said.Text("done"),)),)),
    )
    assert (read.choice.kind, read.most_tokens, read.schema) == (Chosen.ONE, 9, {"a": 1})
    assert responses.read({"model": "m", "input": "hi"}).turns == read.turns[:1]


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("previous_response_id", {"previous_response_id": "r"}),
        ("store", {"store": True}),
        ("reasoning", {"reasoning": {"effort": "low"}}),
        ("tools[0].type", {"tools": [{"type": "web_search"}]}),
        ("input[0].type", {"input": [{"type": "reasoning"}]}),
        ("input[0].content[0].type", {"input": [{"role": "user", "content": [{"type": "x"}]}]}),
        ("text.format.type", {"text": {"format": {"type": "json_object"}}}),
        ("tool_choice", {"tool_choice": {"type": "mcp"}}),
        ("input[1].role", {"input": [{"role": "user", "content": "a"}, {"role": "system"}]}),
    ],
)
def test_what_has_no_counterpart_is_refused_by_its_name(field: str, more: dict[str, Any]) -> None:
    """Nothing is left out in silence: the field is named."""
    with pytest.raises(InvalidError) as refused:
        responses.read({"model": "m", "input": "hi", **more})
    assert refused.value.field == field


KINDS: Final = {"Text": "message", "Thought": "reasoning", "Use": "function_call"}


@given(tellings())
@SOME
def test_a_stream_and_a_whole_answer_say_the_same(told: Telling) -> None:
    """The last event holds what a whole answer would, and our own reader understands each."""
    whole = responses.say(told)
    assert [each["type"] for each in whole["output"]] == [
        KINDS[type(each).__name__] for each in told.parts
    ]
    speaker, reader = ResponsesSpeaker(), BY_SURFACE["responses"].reader()
    raw = b"".join(speaker.say(each) for each in as_heard(told))
    events = list(Events(1_000_000).feed(raw))
    last = json.loads(events[-1].data)["response"]
    assert {**last, "output": []} == {**whole, "output": []}
    assert [_said(each) for each in last["output"]] == [_said(each) for each in whole["output"]]
    numbers = [json.loads(each.data)["sequence_number"] for each in events]
    assert numbers == list(range(len(events)))
    for event in events:
        reader.take(Event(event.name, event.data))
    assert reader.ended


def test_an_answer_that_was_cut_says_so() -> None:
    """What is not complete is not called complete."""
    cut = responses.say(Telling("i", "m", (said.Text("a"),), Why.LENGTH))
    assert (cut["status"], cut["incomplete_details"]["reason"]) == (
        "incomplete",
        "max_output_tokens",
    )
    with pytest.raises(UnavailableError):
        ResponsesSpeaker().say(said.Ended())
    with pytest.raises(UnavailableError):
        ResponsesSpeaker().say(said.Bit("x"))
    assert b"it broke" in ResponsesSpeaker().say(said.Broke("it broke"))
    assert isinstance(responses.read({"model": "m", "input": "hi"}), Asking)


def _said(item: dict[str, Any]) -> object:
    if item["type"] == "function_call":
        return item["name"], json.loads(item["arguments"])
    return item["content"][0]["text"]
