"""An answer of Anthropic's messages is heard whole, and said as its clients expect."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import UnavailableError
from muniment.gateway.translating import messages_told, said
from muniment.gateway.translating.messages_told import MessagesHearer, MessagesSpeaker
from muniment.gateway.translating.said import Count, Telling, Why
from tests.gateway.translating.making import SOME, as_heard, as_told, events_of, heard_in, tellings

# As it comes over the wire: a ping between, an empty opening, usage told twice, cached tokens.
WIRE: Final = events_of(
    {
        "type": "message_start",
        "message": {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "content": [],
            "model": "claude-x",
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 25, "cache_read_input_tokens": 4, "output_tokens": 1},
        },
    },
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Let me"}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": " see."}},
    {"type": "content_block_stop", "index": 0},
    {
        "type": "content_block_start",
        "index": 1,
        "content_block": {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {}},
    },
    {
        "type": "content_block_delta",
        "index": 1,
        "delta": {"type": "input_json_delta", "partial_json": ""},
    },
    {
        "type": "content_block_delta",
        "index": 1,
        "delta": {"type": "input_json_delta", "partial_json": '{"for": "Tri'},
    },
    {
        "type": "content_block_delta",
        "index": 1,
        "delta": {"type": "input_json_delta", "partial_json": 'er"}'},
    },
    {"type": "content_block_stop", "index": 1},
    {
        "type": "message_delta",
        "delta": {"stop_reason": "tool_use", "stop_sequence": None},
        "usage": {"output_tokens": 15},
    },
    {"type": "message_stop"},
)
HEARD: Final = Telling(
    "msg_1",
    "claude-x",
    (said.Text("Let me see."), said.Use("toolu_1", "weather", {"for": "Trier"})),
    Why.TOOLS,
    count=Count(25, 4, 0, 15),
)


@given(tellings(), st.integers(1, 40))
@SOME
def test_an_answer_goes_there_and_back(told: Telling, step: int) -> None:
    """Whole and as a stream, however it arrives, it says the same."""
    assert messages_told.hear(messages_told.say(told)) == told
    speaker = MessagesSpeaker()
    raw = b"".join(speaker.say(each) for each in as_heard(told))
    assert as_told(heard_in(MessagesHearer(), raw, step)) == told


@pytest.mark.parametrize("step", [1, 13, 10_000])
def test_a_stream_as_it_comes_over_the_wire_is_heard(step: int) -> None:
    """Pings and empty pieces say nothing; the rest is heard, however it was cut."""
    assert as_told(heard_in(MessagesHearer(), WIRE, step)) == HEARD


def test_why_it_ended_is_kept() -> None:
    """The sequence at which it stopped is named, as its clients read it."""
    told = Telling("i", "m", (said.Text("a"),), Why.SEQUENCE, "END")
    assert messages_told.hear(messages_told.say(told)) == told


@pytest.mark.parametrize(
    ("bad", "names"),
    [
        ({"content": None}, "content"),
        ({"content": [{"type": "server_tool_use"}]}, "server_tool_use"),
        ({"content": [{"type": "redacted_thinking"}]}, "redacted_thinking"),
        ({"content": [{"type": "text", "text": "a", "citations": [{}]}]}, "text"),
        ({"content": [{"type": "tool_use", "input": [1]}]}, "arguments"),
        ({"content": [], "stop_reason": "pause_turn"}, "stop_reason"),
    ],
)
def test_what_cannot_be_said_to_the_caller_is_an_error(bad: dict[str, Any], names: str) -> None:
    """A part of an answer is never left out; it is named."""
    with pytest.raises(UnavailableError) as refused:
        messages_told.hear(bad)
    assert names in refused.value.message


@pytest.mark.parametrize(
    "value",
    [
        {"type": "something_new"},
        {"type": "content_block_start", "content_block": {"type": "server_tool_use"}},
        {"type": "content_block_start", "content_block": {"type": "tool_use", "input": {"a": 1}}},
        {"type": "content_block_delta", "delta": {"type": "citations_delta"}},
        {"type": "message_delta", "delta": {"stop_reason": "pause_turn"}},
    ],
)
def test_a_stream_that_cannot_be_said_is_an_error(value: dict[str, Any]) -> None:
    """Whatever comes that nobody could say on ends the stream."""
    with pytest.raises(UnavailableError):
        heard_in(MessagesHearer(), events_of(value))


def test_a_stream_without_beginning_or_reason_to_end_is_not_said() -> None:
    """The caller is never told that something ended well when it did not."""
    with pytest.raises(UnavailableError):
        MessagesSpeaker().say(said.Ended())
    with pytest.raises(UnavailableError):
        MessagesSpeaker().say(said.Bit("words"))
