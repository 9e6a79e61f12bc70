"""An answer of OpenAI's chat is heard whole, and said as its clients expect."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import UnavailableError
from muniment.gateway.dialects.base import write_json
from muniment.gateway.translating import chat_told
from muniment.gateway.translating.chat_told import ChatHearer, ChatSpeaker
from muniment.gateway.translating.said import Telling
from tests.gateway.doubles import chat
from tests.gateway.translating.making import SOME, as_heard, as_told, heard_in, tellings

FRAME: Final = {"id": "c", "object": "chat.completion.chunk", "model": "m"}


@given(tellings(), st.booleans(), st.integers(1, 40))
@SOME
def test_an_answer_goes_there_and_back(told: Telling, counts: bool, step: int) -> None:  # noqa: FBT001 given
    """Whole and as a stream, however it arrives, it says the same."""
    assert chat_told.hear(chat_told.say(told)) == told
    speaker = ChatSpeaker(counts)
    raw = b"".join(speaker.say(each) for each in as_heard(told))
    assert as_told(heard_in(ChatHearer(), raw, step)) == told


def answer(**message: object) -> dict[str, Any]:
    """Say an answer whose message has something more."""
    told = chat()
    told["choices"][0]["message"] |= message
    return told


@pytest.mark.parametrize(
    ("bad", "names"),
    [
        ({}, "choices"),
        ({"choices": [chat()["choices"][0]] * 2}, "choices"),
        (answer(audio={"data": "x"}), "audio"),
        (answer(annotations=[{"type": "url_citation"}]), "annotations"),
        (answer(tool_calls=[{"id": "c", "type": "custom", "custom": {}}]), "tool_calls"),
        (
            answer(tool_calls=[{"id": "c", "function": {"name": "f", "arguments": "{"}}]),
            "arguments",
        ),
        ({"choices": [{"message": {"content": "x"}, "finish_reason": "new"}]}, "finish_reason"),
        ({"choices": [{"message": {"content": ["x"]}, "finish_reason": "stop"}]}, "content"),
    ],
)
def test_what_cannot_be_said_to_the_caller_is_an_error(bad: dict[str, Any], names: str) -> None:
    """A part of an answer is never left out; it is named."""
    with pytest.raises(UnavailableError) as refused:
        chat_told.hear(bad)
    assert names in refused.value.message


def test_a_refusal_is_heard_as_one() -> None:
    """Words in which a model refuses are words, and it ended because it refused."""
    told = chat_told.hear(answer(content=None, refusal="I will not."))
    assert (told.why.value, [type(each).__name__ for each in told.parts]) == ("refused", ["Text"])


@pytest.mark.parametrize(
    ("chunks", "names"),
    [
        ([{"choices": [{"index": 1, "delta": {}}]}], "choices"),
        ([{"choices": [{"index": 0, "delta": {"audio": {"id": "a"}}}]}], "audio"),
        ([{"choices": [{"delta": {"tool_calls": [{"function": {"arguments": "{"}}]}}]}], "mixed"),
        ([{"choices": [{"delta": {}, "finish_reason": "new"}]}], "finish_reason"),
    ],
)
def test_a_stream_that_cannot_be_said_is_an_error(chunks: list[Any], names: str) -> None:
    """Whatever comes that nobody could say on ends the stream with its name."""
    raw = b"".join(b"data: " + write_json({**FRAME, **each}) + b"\n\n" for each in chunks)
    with pytest.raises(UnavailableError) as refused:
        heard_in(ChatHearer(), raw)
    assert names in refused.value.message


def test_a_stream_without_beginning_or_reason_to_end_is_not_said() -> None:
    """The caller is never told that something ended well when it did not."""
    with pytest.raises(UnavailableError):
        ChatSpeaker()._end()
    with pytest.raises(UnavailableError):
        ChatSpeaker()._chunk({})
