"""A stream of responses loses nothing and says again only what went on."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.gateway.dialects.responses import Responses
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
    """The last event holds the answer, and events are numbered without a gap."""
    said = saying(words, tools)
    events = [each.json() for each in passed_on(Responses().reader(), wire("/responses", said))]
    assert events[-1]["response"]["output"] == whole("/responses", said)["output"]
    assert [each["sequence_number"] for each in events] == list(range(len(events)))


@settings(max_examples=25)
@given(
    st.lists(JSON),
    st.sampled_from(["response.output_item.added", "response.completed", "error", "a.delta"]),
)
def test_no_event_breaks_the_reader(values: list[object], name: str) -> None:
    """Wrong types anywhere in a provider's events are passed over or refused."""
    survives(Responses().reader(), values, name)
