"""Chat completions: what is asked, what is said, and streams that lose nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.core.errors import InvalidError, UnavailableError
from muniment.gateway.dialects.base import Event, PieceKind
from muniment.gateway.dialects.chat import Chat
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
from tests.gateway.doubles import chat, chunk

PATH = "/chat/completions"


@given(WORDS, TOOLS)
def test_a_stream_that_is_cut_and_put_together_says_the_whole_answer(
    words: str, tools: Any
) -> None:
    """Put together as the official client does it, a stream is the answer it came from."""
    from openai.lib.streaming.chat import _completions  # noqa: PLC0415 it loads slowly

    official: Any = _completions
    said = saying(words, tools)
    message: dict[object, Any] = {}
    events = passed_on(Chat().reader(), wire(PATH, said))
    for event in events[:-1]:
        for choice in event.json()["choices"]:
            official.accumulate_delta(message, choice["delta"])
    expected = whole(PATH, said)["choices"][0]["message"]
    called = [
        (each["function"]["name"], each["function"]["arguments"])
        for each in message.get("tool_calls", [])
    ]
    assert message["content"] == (expected["content"] or "")
    assert called == list(said.tools)
    assert events[-1].data == "[DONE]"


@settings(max_examples=25)
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "choices": st.lists(
                    st.fixed_dictionaries(
                        {},
                        optional={
                            "delta": st.dictionaries(
                                st.sampled_from(
                                    ["content", "tool_calls", "function_call", "role", "x"]
                                ),
                                JSON,
                            ),
                            "index": JSON,
                            "finish_reason": JSON,
                        },
                    )
                )
                | JSON,
                "usage": JSON,
                "error": JSON,
                "model": JSON,
            },
        )
        | JSON
    )
)
def test_no_chunk_breaks_the_reader(values: list[object]) -> None:
    """Wrong types anywhere in a provider's chunks are passed over or refused, and never a crash."""
    survives(Chat().reader(), values)


def test_a_request_says_what_it_asks_for() -> None:
    """Instructions, tools, results and limits are found; everything with words is inspected."""
    tool = {"type": "function", "function": {"name": "read", "parameters": {}}}
    body = {
        "model": "m",
        "stream": True,
        "n": 2,
        "max_tokens": 9,
        "user": "u-1",
        "tools": [tool],
        "messages": [
            {"role": "developer", "content": "Be kind."},
            {"role": "tool", "tool_call_id": "call_1", "content": "result"},
        ],
        "unknown": {"a": ["words"]},
    }
    asked = Chat().read(body)
    assert (asked.model, asked.streamed, asked.answers, asked.most_tokens) == ("m", True, 2, 9)
    assert (asked.user, asked.results) == ("u-1", ("call_1",))
    assert asked.instructions == (body["messages"][0],)  # type: ignore[index]
    assert [each.name for each in asked.tools] == ["read"]
    assert {"messages", "tools", "unknown"} <= set(asked.content)


@pytest.mark.parametrize("role", [["system"], {"a": 1}, 5, None])
def test_a_role_that_is_no_word_is_no_instruction(role: object) -> None:
    """Whatever stands there, the request is read, and goes to whoever judges it."""
    asked = Chat().read({"model": "m", "messages": [{"role": role, "content": "x"}]})
    assert asked.instructions == ()


@pytest.mark.parametrize("messages", [None, [], "x", {}, ["x"], [None], 5])
def test_a_request_has_messages(messages: object) -> None:
    """What is no list of messages is refused by the name of the field."""
    with pytest.raises(InvalidError) as refused:
        Chat().read({"model": "m", "messages": messages})
    assert refused.value.field.startswith("messages")


def test_every_field_with_words_of_an_answer_is_its_content() -> None:
    """Messages and fields that nobody here knows are inspected, and put back in their places."""
    answer = chat("Hi.", citations=["a source"])
    answer["choices"][0]["note"] = "more words"
    answer["choices"][0]["logprobs"] = {"content": [{"token": "Hi"}]}
    content = Chat().content_of(answer)
    assert "a source" in str(content)
    assert "more words" in str(content)
    assert Chat().with_content(answer, content) == answer
    changed = json.loads(json.dumps(content).replace("Hi.", "[x]").replace("a source", "[y]"))
    told = Chat().with_content(answer, changed)
    assert told["choices"][0]["message"]["content"] == "[x]"
    assert told["choices"][0]["logprobs"] is None, "tokens would tell the words again"
    assert told["citations"] == ["[y]"]


@pytest.mark.parametrize("choices", [None, [], {}, "x", ["x"], 5])
def test_an_answer_without_choices_is_none(choices: object) -> None:
    """A client is never given an answer that it would trip over."""
    with pytest.raises(UnavailableError):
        Chat().content_of({"choices": choices})


def test_tools_are_found_in_every_form() -> None:
    """Functions, custom tools and the form before tools are all calls of tools."""
    calls = [
        {"id": "1", "type": "function", "function": {"name": "a", "arguments": '{"x": 1}'}},
        {"id": "2", "type": "custom", "custom": {"name": "b", "input": "free text"}},
        {"id": "3", "function": {"name": "c", "arguments": {"not": "text"}}},
        *(None, "x", {"function": "x"}),
    ]
    answer = chat(None)
    answer["choices"][0]["message"] |= {"tool_calls": calls, "function_call": {"name": "d"}}
    found = [(each.name, each.arguments) for each in Chat().tool_calls(answer)]
    assert found == [("a", '{"x": 1}'), ("b", "free text"), ("c", '{"not":"text"}'), ("d", "")]
    assert Chat().tool_calls({"choices": [{"message": {"tool_calls": 5}}]}) == []


@pytest.mark.parametrize(
    "delta",
    [
        {"function_call": {"name": "t", "arguments": "{}"}},
        {"tool_calls": [{"index": 0, "custom": {"name": "t", "input": "{}"}}]},
        {"tool_calls": [{"function": {"name": "t", "arguments": {}}}]},
    ],
)
def test_a_tool_in_a_stream_waits_until_it_is_complete(delta: dict[str, Any]) -> None:
    """Whatever its form, nothing of a call is written before it can be judged."""
    reader = Chat().reader()
    pieces = reader.take(Event("", json.dumps(chunk(delta))))
    assert [each.kind for each in pieces] == [PieceKind.TOOL, PieceKind.ARGUMENTS]
    assert pieces[0].name == "t"
    assert [each.kind for each in reader.take(Event("", "[DONE]"))] == [
        PieceKind.CLOSE,
        PieceKind.END,
    ]


def test_what_nobody_knows_is_loose_and_fragments_are_left_out() -> None:
    """Unknown structures are inspected as wholes; sound and padding do not travel."""
    delta = {"annotations": [{"title": "words"}], "audio": {"transcript": "An"}, "more": "text"}
    pieces = Chat().reader().take(Event("", json.dumps(chunk(delta, obfuscation="x", extra="y"))))
    found = {each.kind: each for each in pieces}
    assert found[PieceKind.TEXT].text == "text"
    assert [each.value for each in pieces if each.kind is PieceKind.LOOSE] == [
        {"annotations": [{"title": "words"}]},
        {"extra": "y"},
    ]


def test_an_error_in_a_stream_is_an_error() -> None:
    """What a provider says went wrong is not passed on as if it were an answer."""
    [piece] = Chat().reader().take(Event("", '{"error": {"message": "overloaded"}}'))
    assert (piece.kind, piece.text) == (PieceKind.ERROR, "overloaded")


@pytest.mark.parametrize(
    "answer",
    [
        chat(),
        chat(None),
        chat(note="more"),
        chat(system_fingerprint="f", service_tier=None),
        {**chat(), "choices": [{"index": 0, "finish_reason": "stop"}]},
        {**chat(), "choices": [{"message": {"content": "x"}, "logprobs": {"a": 1}}]},
        {**chat(), "choices": [{"message": {"content": "x"}, "more": [1]}]},
        {**chat(), "choices": [{"message": "x"}, {"message": None}]},
        {**chat(), "choices": [{}]},
    ],
)
def test_what_nobody_changed_is_put_back_as_it_came(answer: dict[str, Any]) -> None:
    """An answer of the usual form goes a shorter way; what comes of it is the same as of others."""
    content = Chat().content_of(answer)
    choices = answer["choices"]
    assert content["messages"] == [each.get("message") for each in choices]
    assert content["answer"] == {name: answer[name] for name in answer.keys() & {"note"}}
    assert content["choices"] == [{n: c[n] for n in c.keys() & {"more"}} for c in choices]
    expected = {**answer, "choices": [{**each, "message": each.get("message")} for each in choices]}
    copied = {**content, "messages": json.loads(json.dumps(content["messages"]))}
    for given_back in (content, copied):
        put = Chat().with_content(answer, given_back)
        assert json.dumps(put) == json.dumps(expected)
    changed = Chat().with_content(answer, {**content, "messages": ["other"] * len(choices)})
    assert [each["message"] for each in changed["choices"]] == ["other"] * len(choices)
