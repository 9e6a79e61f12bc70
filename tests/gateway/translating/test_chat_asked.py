"""A request of OpenAI's chat is read whole, or refused by the field that cannot be told."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given

from muniment.core.errors import InvalidError
from muniment.gateway.translating import chat_asked, messages_asked, said
from muniment.gateway.translating.said import Asking
from tests.gateway.translating.making import SOME, askings

HELLO: Final = {"role": "user", "content": "hello"}
CALL: Final = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}


@given(askings())
@SOME
def test_a_request_goes_there_and_back(asking: Asking) -> None:
    """What is written is read the same, and so it is after it was told in the other interface."""
    body = chat_asked.write(asking)
    assert chat_asked.read(body) == asking
    assert chat_asked.write(messages_asked.read(messages_asked.write(asking))) == body


def test_a_usual_request_of_the_client_is_read() -> None:
    """Fields that say what holds anyhow are no obstacle, and both names of a limit count."""
    usual = {"n": 1, "logprobs": False, "store": False, "modalities": ["text"], "metadata": {}}
    asked = {"model": "m", "messages": [HELLO], "max_tokens": 5, "stop": "x", **usual}
    read = chat_asked.read({**asked, "frequency_penalty": 0, "seed": None})
    assert (read.most_tokens, read.stops, read.hints) == (5, ("x",), ())
    assert chat_asked.read({**asked, "prompt_cache_key": "k"}).hints == ("prompt_cache_key",)
    assert chat_asked.write(read, is_openai=False)["max_tokens"] == 5
    assert chat_asked.write(read)["max_completion_tokens"] == 5


def test_the_answers_of_several_tools_are_one_turn() -> None:
    """Results that follow each other, and words after them, belong to one turn of the user."""
    messages = [
        {"role": "developer", "content": [{"type": "text", "text": "Be kind."}]},
        HELLO,
        {"role": "assistant", "content": None, "refusal": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c", "content": "1"},
        {"role": "tool", "tool_call_id": "d", "content": [{"type": "text", "text": "2"}]},
        HELLO,
    ]
    read = chat_asked.read({"model": "m", "messages": messages})
    assert read.system == ("Be kind.",)
    assert [each.role for each in read.turns] == ["user", "assistant", "user"]
    assert read.turns[-1].parts == (
        said.Result("c", (said.Text("1"),)),
        said.Result("d", (said.Text("2"),)),
        said.Text("hello"),
    )


def message(**more: object) -> dict[str, Any]:
    """Say a message that has something more."""
    return {"messages": [{**HELLO, **more}]}


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("n", {"n": 2}),
        ("seed", {"seed": 7}),
        ("logit_bias", {"logit_bias": {"5": 1}}),
        ("metadata", {"metadata": {"a": "b"}}),
        ("store", {"store": True}),
        ("reasoning_effort", {"reasoning_effort": "low"}),
        ("anything", {"anything": 1}),
        ("functions", {"functions": []}),
        ("stream_options.other", {"stream_options": {"other": 1}}),
        ("response_format", {"response_format": {"type": "json_object"}}),
        ("tools[0].type", {"tools": [{"type": "custom", "custom": {"name": "x"}}]}),
        ("tools[0].function.more", {"tools": [{"type": "function", "function": {"more": 1}}]}),
        ("tool_choice", {"tool_choice": {"type": "allowed_tools"}}),
        ("tool_choice", {"tool_choice": "perhaps"}),
        ("user", {"user": "a", "safety_identifier": "b"}),
        ("stop", {"stop": 5}),
        ("temperature", {"temperature": "warm"}),
        ("messages[0].name", message(name="Anna")),
        ("messages[0].role", message(role="function")),
        ("messages[0].role", message(role=["user"])),
        ("messages[0].content[0].type", message(content=[{"type": "input_audio"}])),
        ("messages[0].content[0].type", message(content=[{"type": "file"}])),
        ("messages[0].content[0].cache", message(content=[{"type": "text", "cache": 1}])),
        (
            "messages[0].content[0].image_url.detail",
            message(content=[{"type": "image_url", "image_url": {"url": "x", "detail": "high"}}]),
        ),
        (
            "messages[0].content[0].image_url.url",
            message(content=[{"type": "image_url", "image_url": {"url": "data:text/x;base64,a"}}]),
        ),
        ("messages[1].role", {"messages": [HELLO, {"role": "system", "content": "late"}]}),
        ("messages[0].refusal", message(role="assistant", refusal="no")),
        ("messages[0].audio", message(role="assistant", audio={"id": "a"})),
        (
            "messages[0].tool_calls[0].function.arguments",
            message(
                role="assistant",
                tool_calls=[{"id": "c", "function": {"name": "f", "arguments": "{"}}],
            ),
        ),
        ("messages[0].tool_call_id", message(role="tool")),
    ],
)
def test_what_has_no_counterpart_is_refused_by_its_name(field: str, more: dict[str, Any]) -> None:
    """Nothing is left out in silence: the field is named, and what to do about it."""
    with pytest.raises(InvalidError) as refused:
        chat_asked.read({"model": "m", "messages": [HELLO], **more})
    assert refused.value.field == field
    assert field in refused.value.message


def test_a_picture_from_a_tool_is_refused() -> None:
    """A tool gives back words only there."""
    result = said.Result("c", (said.Picture(url="https://example.org/a.png"),))
    asking = Asking("m", (said.Turn("user", (result,)),))
    with pytest.raises(InvalidError):
        chat_asked.write(asking)
