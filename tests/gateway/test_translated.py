"""The official client of one family against a model of the other, which speaks its own wire."""

from __future__ import annotations

import json
from collections.abc import Coroutine, Iterator
from typing import Any, Final

import pytest
from pydantic import BaseModel

from muniment.gateway.providers.speaking import Saying, answer_for
from muniment.plugins.sockets import Answer
from tests.gateway.asking import EMAIL, SECRET, USUAL, Shared
from tests.gateway.calling import bodies
from tests.gateway.doubles import Double, Reply, Sent

ASKED: Final = [{"role": "user", "content": f"The weather for {EMAIL}?"}]
SAYS: Final = f"Let me see, {SECRET}."
PNG: Final = "iVBORw0KGgo="
SCHEMA: Final = {"type": "object", "properties": {"for": {"type": "string"}}}
CHAT_TOOL: Final = {"type": "function", "function": {"name": "weather", "parameters": SCHEMA}}
CLAUDE_TOOL: Final = {"name": "weather", "input_schema": SCHEMA}
FLAT_TOOL: Final = {"type": "function", "name": "weather", "parameters": SCHEMA, "strict": False}


class City(BaseModel):
    """What a structured answer holds."""

    name: str


@pytest.fixture(autouse=True)
def _says(provider: Double) -> Iterator[None]:
    """Let the provider speak as real ones do: words, and a tool where one is offered."""

    def say(sent: Sent) -> Reply:
        offered = bool(sent.body.get("tools"))
        tools = (("weather", '{"for": "noon"}'),) if offered else ()
        answer = answer_for(sent.path, sent.raw, lambda _asked: Saying(SAYS, tools, "real-1"))
        return Reply(pieces(answer), answer.status, dict(answer.headers))

    provider.seen.clear()
    provider.say = say
    yield
    provider.says(Reply.of({}))


def pieces(answer: Answer) -> list[bytes]:
    """Take what an answer holds, which waits for nothing."""

    async def every() -> list[bytes]:
        return [each async for each in answer.body]

    running: Coroutine[Any, Any, list[bytes]] = every()
    try:
        running.send(None)
    except StopIteration as done:
        found: list[bytes] = done.value
        return found
    raise AssertionError("it waits")


@pytest.mark.parametrize("streamed", [False, True])
def test_a_chat_reaches_a_model_of_anthropics(
    shared: Shared, provider: Double, *, streamed: bool
) -> None:
    """Masked on its way, tools and all; what comes back is made safe, and counted."""
    client: Any = shared.gate.openai()
    asked: dict[str, Any] = {
        "model": "claude",
        "messages": [{"role": "system", "content": "Be kind."}, *ASKED],
    }
    asked |= {"tools": [CHAT_TOOL], "max_tokens": 50}
    if streamed:
        options = {"include_usage": True}
        with client.chat.completions.stream(**asked, stream_options=options) as stream:
            answer = stream.get_final_completion()
    else:
        answer = client.chat.completions.create(**asked)
    [choice] = answer.choices
    assert choice.message.content == "Let me see, [REDACTED]."
    assert json.loads(choice.message.tool_calls[0].function.arguments) == {"for": "noon"}
    assert (choice.finish_reason, answer.model) == ("tool_calls", "real-1")
    assert answer.usage.prompt_tokens > 0
    [sent] = provider.seen
    assert (sent.path, sent.body["system"], sent.body["max_tokens"]) == (
        "/messages",
        "Be kind.",
        50,
    )
    assert sent.body["tools"] == [CLAUDE_TOOL]
    assert EMAIL not in sent.raw.decode()
    ended = bodies(shared.gate.entries("exchanges.concluded"))[-1]
    assert (ended["provider_model"], ended["tools"]) == ("real-1", ["weather"])
    assert ended["input_tokens"] > 0
    assert ended["output_tokens"] > 0


@pytest.mark.parametrize("streamed", [False, True])
def test_messages_reach_a_model_that_speaks_as_openai_does(
    shared: Shared, provider: Double, *, streamed: bool
) -> None:
    """Masked on its way, tools and all; what comes back is made safe, and counted."""
    client: Any = shared.gate.anthropic()
    asked = {"model": "double", "max_tokens": 50, "system": "Be kind.", "messages": ASKED}
    asked |= {"tools": [CLAUDE_TOOL], "tool_choice": {"type": "any"}}
    if streamed:
        with client.messages.stream(**asked) as stream:
            answer = stream.get_final_message()
    else:
        answer = client.messages.create(**asked)
    words, call = answer.content
    assert words.text == "Let me see, [REDACTED]."
    assert (call.name, call.input) == ("weather", {"for": "noon"})
    assert (answer.stop_reason, answer.model) == ("tool_use", "real-1")
    assert answer.usage.output_tokens > 0
    [sent] = provider.seen
    assert sent.path == "/chat/completions"
    assert sent.body["messages"][0] == {"role": "system", "content": "Be kind."}
    assert (sent.body["tools"], sent.body["tool_choice"]) == ([CHAT_TOOL], "required")
    assert EMAIL not in sent.raw.decode()
    ended = bodies(shared.gate.entries("exchanges.concluded"))[-1]
    assert ended["tools"] == ["weather"]
    assert ended["input_tokens"] > 0
    assert ended["output_tokens"] > 0


@pytest.mark.parametrize("streamed", [False, True])
def test_responses_reach_a_model_of_anthropics(
    shared: Shared, provider: Double, *, streamed: bool
) -> None:
    """Items come back as that interface has them, whole and streamed."""
    client: Any = shared.gate.openai()
    asked: dict[str, Any] = {
        "model": "claude",
        "instructions": "Be kind.",
        "input": f"For {EMAIL}?",
    }
    asked |= {"tools": [FLAT_TOOL]}
    if streamed:
        with client.responses.stream(**asked) as stream:
            answer = stream.get_final_response()
    else:
        answer = client.responses.create(**asked)
    assert answer.output_text == "Let me see, [REDACTED]."
    assert json.loads(answer.output[-1].arguments) == {"for": "noon"}
    assert (answer.status, answer.usage.output_tokens > 0) == ("completed", True)
    assert provider.seen[0].body["system"] == "Be kind."


def test_tool_results_travel_and_pictures_stay_unread(shared: Shared, provider: Double) -> None:
    """A conversation with a call and its result is told in the other interface.

    A picture cannot be inspected, whichever interface it came from, which is refused here.
    """
    function = {"name": "weather", "arguments": '{"for": "noon"}'}
    messages = [
        USUAL,
        {
            "role": "assistant",
            "content": "I look.",
            "tool_calls": [{"id": "c1", "type": "function", "function": function}],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "Rain."},
    ]
    assert shared.ask("/chat/completions", {"model": "claude", "messages": messages}).status == 200
    told = provider.seen[0].body["messages"]
    used = {"type": "tool_use", "id": "c1", "name": "weather", "input": {"for": "noon"}}
    assert told[1]["content"][1] == used
    assert told[2]["content"] == [{"type": "tool_result", "tool_use_id": "c1", "content": "Rain."}]
    source = {"type": "base64", "media_type": "image/png", "data": PNG}
    block = {"type": "image", "source": source}
    unread = shared.ask(
        "/messages",
        {"model": "double", "max_tokens": 5, "messages": [{"role": "user", "content": [block]}]},
    )
    assert unread.status == 403
    assert unread.body("refused")["inspected"] == "part"


def test_a_structured_answer_is_asked_for_in_the_other_interface(
    shared: Shared, provider: Double
) -> None:
    """The schema of the client travels to the model of the other family."""
    answer = answer_for("/messages", b"{}", lambda _asked: Saying('{"name": "noon"}'))
    provider.says(Reply(pieces(answer)))
    parsed = shared.gate.openai().chat.completions.parse(
        model="claude", messages=[{"role": "user", "content": "a city"}], response_format=City
    )
    assert parsed.choices[0].message.parsed == City(name="noon")
    assert provider.seen[0].body["output_config"]["format"]["type"] == "json_schema"


def test_what_cannot_be_translated_is_refused_with_its_name(
    shared: Shared, provider: Double
) -> None:
    """In the caller's own dialect, with a record, and nothing leaves."""
    from anthropic import BadRequestError as ClaudeRefusedError  # noqa: PLC0415 they load slowly
    from openai import BadRequestError  # noqa: PLC0415

    with pytest.raises(BadRequestError, match="seed cannot be translated") as refused:
        shared.gate.openai().chat.completions.create(
            model="claude", messages=[{"role": "user", "content": "hello"}], seed=5
        )
    assert refused.value.param == "seed"
    with pytest.raises(ClaudeRefusedError, match="top_k cannot be translated"):
        shared.gate.anthropic().messages.create(
            model="double",
            max_tokens=5,
            extra_body={"top_k": 3},
            messages=[{"role": "user", "content": "hello"}],
        )
    body = bodies(shared.gate.entries("exchanges.refused"))[-1]
    assert (body["stage"], body["code"]) == ("route", "invalid")
    asked = shared.ask("/embeddings", {"model": "claude", "input": "a"})
    assert (asked.status, asked.json["error"]["param"]) == (400, "model")
    assert provider.seen == []


@pytest.mark.parametrize(
    ("reply", "status", "reason"),
    [
        (Reply.of({"type": "error", "error": {"message": "busy"}}, 529), 502, "busy"),
        (Reply.of({"type": "error", "error": {"message": "too long"}}, 400), 400, "too long"),
        (Reply.of({"content": [{"type": "server_tool_use"}]}), 502, "server_tool_use"),
        (Reply((b"<html>",)), 502, "not what its interface promises"),
    ],
)
def test_a_failure_of_the_other_family_is_told_in_the_callers_dialect(
    shared: Shared, provider: Double, reply: Reply, status: int, reason: str
) -> None:
    """Errors and garbage of one family are told as errors of the other, and recorded."""
    provider.says(reply)
    asked = shared.chat("claude")
    assert asked.status == status
    assert set(asked.json["error"]) >= {"message", "type", "code", "param"}
    assert reason in asked.raw.decode()
    assert asked.body("concluded")["state"] == "failed"


def test_a_stream_of_the_other_family_that_breaks_off_ends_in_an_error(
    shared: Shared, provider: Double
) -> None:
    """Half a stream is never taken for a whole one, whichever interface it came from."""
    answer = answer_for("/messages", b'{"stream": true}', lambda _asked: Saying(SAYS * 3))
    head = {"content-type": "text/event-stream"}
    provider.says(Reply(pieces(answer)[:5], headers=head, drops=True))
    asked = shared.chat("claude", stream=True)
    assert b"broke off" in asked.raw
    assert b"[DONE]" not in asked.raw
    provider.says(Reply([*pieces(answer)[:3], b"data: {garbage\n\n"], headers=head))
    asked = shared.ask(
        "/chat/completions", {"model": "claude", "messages": [USUAL], "stream": True}
    )
    assert asked.events[-1]["error"]["code"] == "unavailable"
    assert asked.body("concluded")["state"] == "failed"
