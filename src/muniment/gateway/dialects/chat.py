"""OpenAI's chat completions: messages in, choices out, streamed as deltas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from muniment.gateway.dialects.base import (
    Event,
    Json,
    Piece,
    PieceKind,
    flag,
    index_in,
    inspected,
    member,
    model_of,
    openai_error,
    openai_error_value,
    passed,
    rows,
    sse,
    tools_in,
    usage_of,
    whole,
    word,
)
from muniment.gateway.exchange import Asked, Stop, ToolCall, Usage

_STEERING: Final = frozenset(
    {
        *("model", "stream", "stream_options", "temperature", "top_p", "n", "seed", "logprobs"),
        *("max_tokens", "max_completion_tokens", "presence_penalty", "frequency_penalty"),
        *("logit_bias", "top_logprobs", "user", "safety_identifier", "prompt_cache_key"),
        *("parallel_tool_calls", "tool_choice", "service_tier", "reasoning_effort", "store"),
        *("modalities", "verbosity"),
    }
)
_SYSTEM: Final = frozenset({"system", "developer"})
_WORDS: Final = ("content", "refusal", "reasoning", "reasoning_content")


@dataclass(frozen=True, slots=True)
class Chat:
    """Chat completions."""

    surface: str = "chat"
    protocol: str = "openai"
    path: str = "/chat/completions"

    def read(self, body: Json) -> Asked:
        """Say what a request asks for."""
        messages = rows(body, "messages")
        return Asked(
            model=model_of(body),
            streamed=flag(body, "stream"),
            user=word(body.get("safety_identifier") or body.get("user")),
            instructions=tuple(each for each in messages if each.get("role") in _SYSTEM),
            tools=tools_in(body, _tool_name),
            most_tokens=whole(body, "max_completion_tokens", "max_tokens"),
            content=inspected(body, _STEERING),
            results=tuple(
                word(each.get("tool_call_id")) for each in messages if each.get("role") == "tool"
            ),
        )

    def content_of(self, answer: Json) -> Json:
        """Give the messages of an answer."""
        return {"messages": [each.get("message") for each in _choices(answer)]}

    def with_content(self, answer: Json, content: Json) -> Json:
        """Put changed messages back; what tells words in another way goes."""
        choices = []
        for choice, message in zip(_choices(answer), content["messages"], strict=True):
            same = choice.get("message") == message
            kept = choice if same else {**choice, "logprobs": None}
            choices.append({**kept, "message": message})
        return {**answer, "choices": choices}

    def tool_calls(self, answer: Json) -> Sequence[ToolCall]:
        """List the tools that an answer wants called."""
        found = []
        for choice in _choices(answer):
            message = choice.get("message")
            for call in (message.get("tool_calls") or ()) if isinstance(message, dict) else ():
                found += _called(call)
        return found

    def usage(self, answer: Json) -> Usage:
        """Read how much was used."""
        return usage_of(answer.get("usage"), "prompt_tokens", "completion_tokens")

    def reader(self) -> ChatReader:
        """Begin to cut a stream into pieces."""
        return ChatReader()

    def error(self, stop: Stop, exchange: str) -> bytes:
        """Say why a call went no further."""
        return openai_error(stop, exchange)

    def error_event(self, stop: Stop, exchange: str) -> bytes:
        """Say it within a stream that has begun."""
        return sse({"error": openai_error_value(stop, exchange)})


@dataclass(slots=True)
class ChatReader:
    """Cuts chunks into the words of each choice, its tool calls, and the rest."""

    model: str = ""
    usage: Usage = field(default_factory=Usage)
    ended: bool = False
    _open: dict[int, list[str]] = field(default_factory=dict)

    def take(self, event: Event) -> list[Piece]:
        """Cut one chunk into pieces."""
        if event.data.strip() == "[DONE]":
            self.ended = True
            closing = [piece for index in tuple(self._open) for piece in self._close(index)]
            return [*closing, Piece(PieceKind.END, write=lambda _said: b"data: [DONE]\n\n")]
        chunk = event.json()
        self.model = word(chunk.get("model")) or self.model
        if chunk.get("usage"):
            self.usage = usage_of(chunk["usage"], "prompt_tokens", "completion_tokens")
        choices = _choices(chunk)
        if not choices:
            return [passed(chunk)]
        frame = {name: value for name, value in chunk.items() if name != "choices"}
        return [piece for choice in choices for piece in self._choice(frame, choice)]

    def _choice(self, frame: Json, choice: Json) -> list[Piece]:
        index = index_in(choice)
        delta = member(choice, "delta")
        pieces: list[Piece] = []
        rest = {
            name: value
            for name, value in delta.items()
            if name not in (*_WORDS, "tool_calls") or value is None
        }
        if rest:
            pieces.append(passed(_chunk(frame, index, rest)))
        pieces += [
            self._words(frame, index, name, delta[name])
            for name in _WORDS
            if isinstance(delta.get(name), str)
        ]
        for call in delta.get("tool_calls") or ():
            if isinstance(call, dict):
                pieces += self._tool(frame, index, call)
        if choice.get("finish_reason") is not None:
            pieces += self._close(index)
            pieces.append(passed(_chunk(frame, index, {}, choice["finish_reason"])))
        return pieces

    def _words(self, frame: Json, index: int, name: str, text: str) -> Piece:
        channel = f"{index}.{name}"
        self._noted(index, channel)

        def write(said: str) -> bytes:
            return sse(_chunk(frame, index, {name: said}))

        return Piece(PieceKind.TEXT, channel, text, write=write)

    def _tool(self, frame: Json, index: int, call: Json) -> list[Piece]:
        place = call.get("index", 0)
        channel = f"{index}.tool.{place}"
        function = member(call, "function")
        pieces = []
        if channel not in self._open.get(index, ()):
            before = [each for each in self._open.get(index, ()) if ".tool." in each]
            pieces += [Piece(PieceKind.CLOSE, each) for each in before]
            self._open[index] = [each for each in self._open.get(index, ()) if each not in before]
            self._noted(index, channel)

            def write(arguments: str) -> bytes:
                whole_call = {**call, "function": {**function, "arguments": arguments}}
                return sse(_chunk(frame, index, {"tool_calls": [whole_call]}))

            opened = (word(call.get("id")), word(function.get("name")))
            pieces.append(Piece(PieceKind.TOOL, channel, "", *opened, write=write))
        if isinstance(function.get("arguments"), str):
            pieces.append(Piece(PieceKind.ARGUMENTS, channel, function["arguments"]))
        return pieces

    def _noted(self, index: int, channel: str) -> None:
        channels = self._open.setdefault(index, [])
        if channel not in channels:
            channels.append(channel)

    def _close(self, index: int) -> list[Piece]:
        return [Piece(PieceKind.CLOSE, channel) for channel in self._open.pop(index, ())]


def _choices(answer: Json) -> list[dict[str, Any]]:
    found = answer.get("choices")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _chunk(frame: Json, index: object, delta: Json, finish: object = None) -> dict[str, Any]:
    return {**frame, "choices": [{"index": index, "delta": delta, "finish_reason": finish}]}


def _tool_name(tool: Json) -> object:
    for kind in ("function", "custom"):
        inner = tool.get(kind)
        if isinstance(inner, dict):
            return inner.get("name")
    return tool.get("name") or tool.get("type")


def _called(call: object) -> list[ToolCall]:
    if not isinstance(call, dict):
        return []
    function = call.get("function") or call.get("custom") or {}
    if not isinstance(function, dict):
        return []
    arguments = function.get("arguments", function.get("input", ""))
    return [ToolCall(word(call.get("id")), word(function.get("name")), str(arguments))]
