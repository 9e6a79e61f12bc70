"""A request of Anthropic's messages is read whole, or refused by the field that cannot be told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given

from muniment.core.errors import InvalidError
from muniment.gateway.translating import chat_asked, messages_asked, said
from muniment.gateway.translating.said import Asking, Choice, Turn
from tests.gateway.translating.making import SOME, askings

HELLO: Final = {"role": "user", "content": "hello"}


@given(askings())
@SOME
def test_a_request_goes_there_and_back(asking: Asking) -> None:
    """What is written is read the same, and so it is after it was told in the other interface."""
    body = messages_asked.write(asking)
    assert messages_asked.read(body) == replace(asking, counted=True)
    assert messages_asked.write(chat_asked.read(chat_asked.write(asking))) == body


def test_what_this_interface_must_be_told_is_told() -> None:
    """It wants to know how long an answer may be, and one tool at a time is said with a choice."""
    asking = Asking("m", (Turn("user", (said.Text("hi"),)),), choice=Choice(one_at_a_time=True))
    body = messages_asked.write(asking)
    assert body["max_tokens"] == messages_asked.USUAL_TOKENS
    assert body["tool_choice"] == {"type": "auto", "disable_parallel_tool_use": True}


def test_hints_of_what_to_cache_are_known_as_hints() -> None:
    """They change no answer, so they are left out and named, wherever they stand."""
    cached = {"cache_control": {"type": "ephemeral"}}
    blocks = [{"type": "text", "text": "long", **cached}]
    asked = {"model": "m", "max_tokens": 5, "messages": [HELLO]}
    assert messages_asked.read(asked).hints == ()
    for more in ({"system": blocks}, {"messages": [{"role": "user", "content": blocks}]}, cached):
        assert messages_asked.read({**asked, **more}).hints == ("cache_control",)


def test_a_tool_that_failed_says_so_in_words() -> None:
    """Others have no sign for it; the model reads it before what the tool said."""
    result = {"type": "tool_result", "tool_use_id": "t", "content": "no such file"}
    read = messages_asked.read(
        {
            "model": "m",
            "messages": [{"role": "user", "content": [{**result, "is_error": True}]}],
        }
    )
    [message] = chat_asked.write(read)["messages"]
    assert [each["text"] for each in message["content"]] == ["Error: ", "no such file"]


def block(**value: object) -> dict[str, Any]:
    """Say a message of one block."""
    return {"messages": [{"role": "user", "content": [value]}]}


def said_before(**value: object) -> dict[str, Any]:
    """Say a message of one block that the model said before."""
    return {"messages": [{"role": "assistant", "content": [value]}]}


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("top_k", {"top_k": 5}),
        ("thinking", {"thinking": {"type": "enabled", "budget_tokens": 5}}),
        ("container", {"container": "c"}),
        ("metadata.more", {"metadata": {"more": 1}}),
        ("output_config.effort", {"output_config": {"effort": "low"}}),
        ("tools[0].type", {"tools": [{"type": "web_search_20250305", "name": "web_search"}]}),
        ("tools[0].defer_loading", {"tools": [{"name": "a", "defer_loading": True}]}),
        ("tool_choice.type", {"tool_choice": {"type": "some"}}),
        ("messages[0].content[0].type", block(type="document")),
        ("messages[0].content[0].type", block(type="tool_use")),
        ("messages[0].content[0].citations", block(type="text", text="a", citations=[{}])),
        ("messages[0].content[0].source", block(type="image", source={"type": "file"})),
        ("messages[0].content[0].type", said_before(type="redacted_thinking")),
        (
            "messages[0].content[0].signature",
            said_before(type="thinking", thinking="a", signature="s"),
        ),
        ("messages[0].role", {"messages": [{"role": "system", "content": "x"}]}),
        ("system[0].type", {"system": [{"type": "image"}]}),
    ],
)
def test_what_has_no_counterpart_is_refused_by_its_name(field: str, more: dict[str, Any]) -> None:
    """Nothing is left out in silence: the field is named, and what to do about it."""
    with pytest.raises(InvalidError) as refused:
        messages_asked.read({"model": "m", "max_tokens": 5, "messages": [HELLO], **more})
    assert refused.value.field == field
    assert field in refused.value.message


def test_what_this_interface_does_not_take_is_refused() -> None:
    """A temperature beyond its scale, and thoughts that another model had."""
    turn = Turn("user", (said.Text("hi"),))
    with pytest.raises(InvalidError) as warm:
        messages_asked.write(Asking("m", (turn,), temperature=1.5))
    assert warm.value.field == "temperature"
    with pytest.raises(InvalidError):
        messages_asked.write(Asking("m", (Turn("assistant", (said.Thought("hm"),)),)))
