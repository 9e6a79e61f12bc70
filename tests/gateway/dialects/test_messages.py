"""Anthropic's messages: blocks in and out, and streams that lose nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.gateway.dialects.base import read_value
from muniment.gateway.dialects.messages import CountTokens, Messages
from tests.gateway.dialects.putting import (
    JSON,
    TOOLS,
    WORDS,
    passed_on,
    saying,
    survives,
    whole,
    wire,
)


@settings(max_examples=40)
@given(WORDS, TOOLS)
def test_a_stream_that_is_cut_and_put_together_says_the_whole_answer(
    words: str, tools: Any
) -> None:
    """The blocks of the stream are the blocks of the answer."""
    said = saying(words, tools)
    blocks: dict[int, dict[str, Any]] = {}
    for event in passed_on(Messages().reader(), wire("/messages", said)):
        value = event.json()
        if value["type"] == "content_block_start":
            blocks[value["index"]] = value["content_block"]
        elif value["type"] == "content_block_delta" and "text" in value["delta"]:
            blocks[value["index"]]["text"] += value["delta"]["text"]
        elif value["type"] == "content_block_delta":
            blocks[value["index"]]["input"] = read_value(value["delta"]["partial_json"])
    assert list(blocks.values()) == whole("/messages", said)["content"]


@settings(max_examples=25)
@given(st.lists(JSON), st.sampled_from(["message_start", "content_block_delta", "error", "x"]))
def test_no_event_breaks_the_reader(values: list[object], name: str) -> None:
    """Wrong types anywhere in a provider's events are passed over or refused."""
    survives(Messages().reader(), values, name)


def test_what_a_tool_is_called_with_is_inspected_with_its_names() -> None:
    """Input is given as JSON in a text, and put back as it was."""
    block = {"type": "tool_use", "id": "t", "name": "f", "input": {"anna@example.org": 1}}
    answer = {"content": [block], "stop_reason": "tool_use"}
    content = Messages().content_of(answer)
    assert content["content"][0]["arguments"] == '{"anna@example.org":1}'
    assert Messages().with_content(answer, content) == answer
    assert [each.name for each in Messages().tool_calls(answer)] == ["f"]


def test_a_count_does_not_stream() -> None:
    """A wish to stream a count changes nothing."""
    body = {"model": "m", "messages": [{"role": "user"}], "stream": True}
    assert not CountTokens().read(body).streamed
    assert Messages().read(body).streamed
