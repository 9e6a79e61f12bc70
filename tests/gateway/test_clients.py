"""The official clients against the gateway, with only address and key changed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tests.gateway.calling import ECHO, MASKING_RULES, Gate, bodies, gate_in, script

SECRET = "Your key is AKIAIOSFODNN7EXAMPLE, keep it."
ASKED = "Write to anna.berg@example.org about it."
WEATHER = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}},
}


class City(BaseModel):
    """What a structured answer holds."""

    name: str
    people: int


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """A gateway whose models echo, tell secrets, call tools and answer in JSON."""
    lines = script(
        {
            "when": "weather",
            "tools": [{"name": "weather", "arguments": {"for": "bob@example.org"}}],
        },
        {"when": "city", "say": json.dumps({"name": "Trier", "people": 110_000})},
        {"say": SECRET},
    )
    folder: Path = tmp_path_factory.mktemp("gate")
    with gate_in(folder, {**ECHO, **lines}, MASKING_RULES) as opened:
        yield opened


def test_a_chat_is_masked_on_its_way_and_given_back(gate: Gate) -> None:
    """The model never sees the address; the caller gets it back, and nothing else changed."""
    answer = gate.openai().chat.completions.create(
        model="echo", messages=[{"role": "user", "content": ASKED}], user="anna"
    )
    assert answer.choices[0].message.content == ASKED
    assert answer.usage is not None
    assert answer.usage.prompt_tokens > 0
    entry = bodies(gate.entries("exchanges.intended"))[-1]
    assert entry["findings"] == {"EMAIL_ADDRESS": 1}
    assert entry["remedies"] == ["mask"]
    assert entry["subject_source"] == "asserted"
    assert "anna" not in json.dumps(entry)


def test_a_streamed_chat_says_the_same(gate: Gate) -> None:
    """Piece by piece the same words arrive, with a reason to end and the usage asked for."""
    stream = gate.openai().chat.completions.create(
        model="echo",
        messages=[{"role": "user", "content": ASKED}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    said = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert said == ASKED
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].usage is not None


@pytest.mark.parametrize("streamed", [False, True])
def test_a_secret_in_an_answer_is_removed(gate: Gate, *, streamed: bool) -> None:
    """What a rule removes from answers is removed, whole and streamed, in every interface."""
    client: Any = gate.openai()
    claude: Any = gate.anthropic()
    asked = [{"role": "user", "content": "hello"}]
    if streamed:
        with client.chat.completions.stream(model="scripted", messages=asked) as chat:
            said = chat.get_final_completion().choices[0].message.content or ""
        with client.responses.stream(model="scripted", input="hello") as response:
            said_too = response.get_final_response().output_text
        with claude.messages.stream(model="scripted", max_tokens=50, messages=asked) as message:
            said_three = message.get_final_text()
    else:
        answer = client.chat.completions.create(model="scripted", messages=asked)
        said = answer.choices[0].message.content or ""
        said_too = client.responses.create(model="scripted", input="hello").output_text
        block = claude.messages.create(model="scripted", max_tokens=50, messages=asked).content[0]
        said_three = block.text if block.type == "text" else ""
    for each in (said, said_too, said_three):
        assert each == "Your key is [REDACTED], keep it."


@pytest.mark.parametrize("streamed", [False, True])
def test_tools_are_called_by_either_client(gate: Gate, *, streamed: bool) -> None:
    """A tool call arrives whole, with its arguments as JSON, and is recorded by its name."""
    asked = [{"role": "user", "content": "the weather?"}]
    client: Any = gate.openai()
    claude: Any = gate.anthropic()
    offered = [{"name": "weather", "input_schema": {"type": "object"}}]
    if streamed:
        with client.chat.completions.stream(model="scripted", messages=asked, tools=[WEATHER]) as s:
            calls = s.get_final_completion().choices[0].message.tool_calls or []
        with claude.messages.stream(
            model="scripted",
            max_tokens=50,
            messages=asked,
            tools=offered,
        ) as stream:
            block = stream.get_final_message().content[0]
    else:
        answer = client.chat.completions.create(model="scripted", messages=asked, tools=[WEATHER])
        calls = answer.choices[0].message.tool_calls or []
        block = claude.messages.create(
            model="scripted",
            max_tokens=50,
            messages=asked,
            tools=offered,
        ).content[0]
    assert json.loads(calls[0].function.arguments) == {"for": "bob@example.org"}
    assert block.type == "tool_use"
    assert block.input == {"for": "bob@example.org"}
    assert bodies(gate.entries("exchanges.concluded"))[-1]["tools"] == ["weather"]


def test_a_structured_answer_is_parsed(gate: Gate) -> None:
    """The schema travels to the model, and its JSON comes back as an object."""
    answer = gate.openai().chat.completions.parse(
        model="scripted",
        messages=[{"role": "user", "content": "a city"}],
        response_format=City,
    )
    assert answer.choices[0].message.parsed == City(name="Trier", people=110_000)


def test_embeddings_models_and_counts_are_served(gate: Gate) -> None:
    """The other surfaces answer too, and each call of them is recorded."""
    client = gate.openai()
    assert len(client.embeddings.create(model="echo", input=["a", "b"]).data) == 2
    assert {each.id for each in client.models.list()} == {"echo", "scripted"}
    assert client.models.retrieve("echo").id == "echo"
    assert client.completions.create(model="echo", prompt="Good day").choices[0].text == "Good day"
    counted = gate.anthropic().messages.count_tokens(
        model="echo", messages=[{"role": "user", "content": "hello"}]
    )
    assert counted.input_tokens > 0
    surfaces = {each["surface"] for each in bodies(gate.entries("exchanges.intended"))}
    assert {"embeddings", "completions", "count_tokens"} <= surfaces


def test_asynchronous_clients_stream_too(gate: Gate) -> None:
    """Both asynchronous clients work, several calls at once."""
    from anthropic import AsyncAnthropic  # noqa: PLC0415 they load slowly
    from openai import AsyncOpenAI  # noqa: PLC0415

    async def ask() -> tuple[str, str]:
        async with (
            AsyncOpenAI(base_url=f"{gate.origin}/v1", api_key=gate.key, max_retries=0) as client,
            AsyncAnthropic(base_url=gate.origin, api_key=gate.key, max_retries=0) as claude,
        ):
            stream = await client.chat.completions.create(
                model="echo", messages=[{"role": "user", "content": ASKED}], stream=True
            )
            said = "".join([chunk.choices[0].delta.content or "" async for chunk in stream])
            async with claude.messages.stream(
                model="echo", max_tokens=50, messages=[{"role": "user", "content": ASKED}]
            ) as message:
                return said, await message.get_final_text()

    async def several() -> list[tuple[str, str]]:
        return await asyncio.gather(*(ask() for _ in range(2)))

    assert asyncio.run(several()) == [(ASKED, ASKED)] * 2


def test_errors_are_the_clients_own(gate: Gate) -> None:
    """An unknown model is a 404 that lists what there is; so is a system that serves nothing."""
    from anthropic import NotFoundError as NothingError  # noqa: PLC0415 they load slowly
    from openai import NotFoundError  # noqa: PLC0415

    with pytest.raises(NotFoundError, match="echo, scripted"):
        gate.openai().chat.completions.create(
            model="gpt-9", messages=[{"role": "user", "content": "hello"}]
        )
    with pytest.raises(NothingError, match="serves"):
        gate.anthropic().messages.create(
            model="echo",
            max_tokens=5,
            messages=[{"role": "user", "content": "hello"}],
            extra_headers={"x-muniment-system": "sys_elsewhere"},
        )
