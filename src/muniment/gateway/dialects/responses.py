"""OpenAI's responses: items in and out; each event of a stream carries words, later the whole.

What was said word by word is said again in the events that end a part, an item and the response;
there it is replaced by exactly what went on. Numbers of events are counted anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from muniment.core.errors import InvalidError
from muniment.gateway.dialects.base import (
    Event,
    Json,
    Piece,
    PieceKind,
    Said,
    flag,
    inspected,
    member,
    model_of,
    openai_error,
    openai_error_value,
    sse,
    tools_in,
    usage_of,
    whole,
    word,
)
from muniment.gateway.exchange import Asked, Stop, ToolCall, Usage

_STEERING: Final = frozenset(
    {
        *("model", "stream", "stream_options", "temperature", "top_p", "max_output_tokens"),
        *("user", "safety_identifier", "store", "parallel_tool_calls", "tool_choice", "include"),
        *("service_tier", "truncation", "reasoning", "max_tool_calls", "previous_response_id"),
        *("prompt_cache_key", "background", "top_logprobs", "metadata"),
    }
)
_DELTAS: Final = {
    "response.output_text.delta": "text",
    "response.refusal.delta": "refusal",
    "response.reasoning_summary_text.delta": "summary",
    "response.reasoning_text.delta": "reasoning",
}
_DONES: Final = {
    "response.output_text.done": "text",
    "response.refusal.done": "refusal",
    "response.reasoning_summary_text.done": "summary",
    "response.reasoning_text.done": "reasoning",
}
_ARGUMENTS: Final = "response.function_call_arguments"
_ENDS: Final = frozenset({"response.completed", "response.incomplete", "response.failed"})


@dataclass(frozen=True, slots=True)
class Responses:
    """Responses of OpenAI's interface."""

    surface: str = "responses"
    protocol: str = "openai"
    path: str = "/responses"

    def read(self, body: Json) -> Asked:
        """Say what a request asks for."""
        given = body.get("input")
        if not isinstance(given, str | list) or not given:
            raise InvalidError("holds nothing", field="input", remedy="Send text, or items.")
        if flag(body, "background"):
            raise InvalidError(
                "an answer in the background could not be inspected",
                field="background",
                remedy="Leave it out.",
            )
        items = [each for each in given if isinstance(each, dict)] if given != str(given) else []
        steering = [each for each in items if each.get("role") in ("system", "developer")]
        instructions = body.get("instructions")
        return Asked(
            model=model_of(body),
            streamed=flag(body, "stream"),
            user=word(body.get("safety_identifier") or body.get("user")),
            instructions=(*([instructions] if instructions else ()), *steering),
            tools=tools_in(body, lambda tool: tool.get("name") or tool.get("type")),
            most_tokens=whole(body, "max_output_tokens"),
            content=inspected(body, _STEERING),
            results=tuple(
                word(each.get("call_id"))
                for each in items
                if each.get("type") == "function_call_output"
            ),
        )

    def content_of(self, answer: Json) -> Json:
        """Give the items of an answer."""
        return {"output": answer.get("output")}

    def with_content(self, answer: Json, content: Json) -> Json:
        """Put changed items back."""
        return {**answer, "output": content["output"]}

    def tool_calls(self, answer: Json) -> Sequence[ToolCall]:
        """List the tools that an answer wants called."""
        output = answer.get("output")
        return [
            ToolCall(
                word(each.get("call_id")),
                word(each.get("name")),
                str(each.get("arguments", each.get("input", ""))),
            )
            for each in (output if isinstance(output, list) else ())
            if isinstance(each, dict) and word(each.get("type")).endswith("_call")
        ]

    def usage(self, answer: Json) -> Usage:
        """Read how much was used."""
        return usage_of(answer.get("usage"), "input_tokens", "output_tokens")

    def reader(self) -> ResponsesReader:
        """Begin to cut a stream into pieces."""
        return ResponsesReader()

    def error(self, stop: Stop, exchange: str) -> bytes:
        """Say why a call went no further."""
        return openai_error(stop, exchange)

    def error_event(self, stop: Stop, exchange: str) -> bytes:
        """Say it within a stream that has begun."""
        told = {"type": "error", **openai_error_value(stop, exchange), "sequence_number": 0}
        return sse({**told, "error": openai_error_value(stop, exchange)}, "error")


@dataclass(slots=True)
class ResponsesReader:
    """Cuts events into words, tool calls, and events that say again what was said."""

    model: str = ""
    usage: Usage = field(default_factory=Usage)
    ended: bool = False
    _number: int = 0
    _held: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def take(self, event: Event) -> list[Piece]:
        """Cut one event into pieces."""
        value = event.json()
        kind = word(value.get("type")) or event.name
        response = value.get("response")
        if isinstance(response, dict):
            self.model = word(response.get("model")) or self.model
            self.usage = usage_of(response.get("usage"), "input_tokens", "output_tokens")
        if kind in _DELTAS:
            return [self._words(kind, value)]
        if kind in _DONES:
            channel = _channel(value, _DONES[kind])
            return [Piece(PieceKind.CLOSE, channel), self._again(kind, value)]
        if kind.startswith(_ARGUMENTS):
            return self._arguments(kind, value)
        if kind in ("response.output_item.added", "response.output_item.done"):
            return self._item(kind, value)
        if kind in _ENDS:
            self.ended = True
            return [Piece(PieceKind.END, write=self._writer(kind, value))]
        return [self._again(kind, value)]

    def _words(self, kind: str, value: Json) -> Piece:
        def write(said: str) -> bytes:
            return self._event(kind, {**value, "delta": said, "logprobs": []})

        return Piece(PieceKind.TEXT, _channel(value, _DELTAS[kind]), _str(value), write=write)

    def _arguments(self, kind: str, value: Json) -> list[Piece]:
        channel = _tool_channel(value)
        if kind.endswith(".delta"):
            return [Piece(PieceKind.ARGUMENTS, channel, _str(value))]
        return [Piece(PieceKind.CLOSE, channel), self._again(kind, value)]

    def _item(self, kind: str, value: Json) -> list[Piece]:
        item = member(value, "item")
        if item.get("type") != "function_call":
            return [self._again(kind, value)]
        if kind.endswith(".done"):
            return [Piece(PieceKind.CLOSE, _tool_channel(value)), self._again(kind, value)]

        def write(arguments: str) -> bytes:
            told = {
                "type": f"{_ARGUMENTS}.delta",
                "item_id": item.get("id"),
                "output_index": value.get("output_index"),
                "delta": arguments,
            }
            return self._event(kind, value) + self._event(f"{_ARGUMENTS}.delta", told)

        opened = (word(item.get("call_id")), word(item.get("name")))
        return [Piece(PieceKind.TOOL, _tool_channel(value), "", *opened, write=write)]

    def _again(self, kind: str, value: Json) -> Piece:
        return Piece(PieceKind.PASS, write=self._writer(kind, value))

    def _writer(self, kind: str, value: Json) -> Any:  # noqa: ANN401 a function of what was said
        return lambda said: self._event(kind, _said_again(kind, value, said))

    def _event(self, kind: str, value: Json) -> bytes:
        numbered = {**value, "sequence_number": self._number}
        self._number += 1
        return sse(numbered, kind)


def _str(value: Json) -> str:
    found = value.get("delta")
    return found if isinstance(found, str) else ""


def _channel(value: Json, sort: str) -> str:
    inner = value.get("content_index", value.get("summary_index", 0))
    return f"{value.get('output_index', 0)}.{sort}.{inner}"


def _tool_channel(value: Json) -> str:
    return f"{value.get('output_index', 0)}.tool"


def _said_again(kind: str, value: Json, said: Said) -> dict[str, Any]:
    """Write an event that says words again with the words that went on."""
    told = dict(value)
    if kind in _DONES:
        name = "refusal" if _DONES[kind] == "refusal" else "text"
        told[name] = said.get(_channel(value, _DONES[kind]), "")
        told.pop("logprobs", None)
    if kind == f"{_ARGUMENTS}.done":
        told["arguments"] = said.get(_tool_channel(value), "")
    index = value.get("output_index", 0)
    if isinstance(value.get("part"), dict):
        sort = "summary" if "summary_index" in value else _sort_of(value["part"])
        told["part"] = _part(value["part"], said.get(_channel(value, sort), ""))
    if isinstance(value.get("item"), dict):
        told["item"] = _item_again(value["item"], index, said)
    response = value.get("response")
    if isinstance(response, dict) and isinstance(response.get("output"), list):
        output = [
            _item_again(each, place, said) if isinstance(each, dict) else each
            for place, each in enumerate(response["output"])
        ]
        told["response"] = {**response, "output": output}
    return told


def _item_again(item: Json, index: object, said: Said) -> dict[str, Any]:
    told = dict(item)
    for name, sort in (("content", ""), ("summary", "summary")):
        parts = item.get(name)
        if isinstance(parts, list):
            told[name] = [
                _part(each, said.get(f"{index}.{sort or _sort_of(each)}.{place}", ""))
                if isinstance(each, dict)
                else each
                for place, each in enumerate(parts)
            ]
    if "arguments" in item:
        told["arguments"] = said.get(f"{index}.tool", "")
    return told


def _part(part: Json, words: str) -> dict[str, Any]:
    told = dict(part)
    for name in ("text", "refusal"):
        if name in part:
            told[name] = words
    if "logprobs" in part:
        told["logprobs"] = []
    return told


def _sort_of(part: Json) -> str:
    kind = part.get("type")
    return {"refusal": "refusal", "reasoning_text": "reasoning"}.get(str(kind), "text")
