"""Anthropic's messages: content blocks in and out, streamed block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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
    number,
    passed,
    rows,
    sentence,
    sse,
    tools_in,
    usage_of,
    whole,
    word,
    write_json,
)
from muniment.gateway.exchange import Asked, Stop, ToolCall, Usage

_STEERING: Final = frozenset(
    {
        *("model", "stream", "temperature", "top_p", "top_k", "max_tokens", "tool_choice"),
        *("thinking", "service_tier", "metadata", "container", "cache_control"),
    }
)
_KINDS: Final = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}
_WORDS: Final = {"text_delta": "text", "thinking_delta": "thinking"}


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages of Anthropic's interface."""

    surface: str = "messages"
    protocol: str = "anthropic"
    path: str = "/messages"

    def read(self, body: Json) -> Asked:
        """Say what a request asks for."""
        messages = rows(body, "messages")
        metadata = body.get("metadata")
        system = body.get("system")
        return Asked(
            model=model_of(body),
            streamed=flag(body, "stream"),
            user=word(metadata.get("user_id")) if isinstance(metadata, dict) else "",
            instructions=(system,) if system else (),
            tools=tools_in(body, lambda tool: tool.get("name") or tool.get("type")),
            most_tokens=whole(body, "max_tokens"),
            content=inspected(body, _STEERING),
            results=tuple(_results(messages)),
        )

    def content_of(self, answer: Json) -> Json:
        """Give the content blocks of an answer."""
        return {"content": answer.get("content")}

    def with_content(self, answer: Json, content: Json) -> Json:
        """Put changed blocks back."""
        return {**answer, "content": content["content"]}

    def tool_calls(self, answer: Json) -> Sequence[ToolCall]:
        """List the tools that an answer wants called."""
        blocks = answer.get("content")
        return [
            ToolCall(
                word(each.get("id")),
                word(each.get("name")),
                write_json(each.get("input")).decode(),
            )
            for each in (blocks if isinstance(blocks, list) else ())
            if isinstance(each, dict) and each.get("type") == "tool_use"
        ]

    def usage(self, answer: Json) -> Usage:
        """Read how much was used."""
        return _usage(answer.get("usage"))

    def reader(self) -> MessagesReader:
        """Begin to cut a stream into pieces."""
        return MessagesReader()

    def error(self, stop: Stop, exchange: str) -> bytes:
        """Say why a call went no further."""
        return write_json(_error(stop, exchange))

    def error_event(self, stop: Stop, exchange: str) -> bytes:
        """Say it within a stream that has begun."""
        return sse(_error(stop, exchange), "error")


@dataclass(frozen=True, slots=True)
class CountTokens(Messages):
    """Counts the tokens of a request, at the provider, so it is guarded like any other."""

    surface: str = "count_tokens"
    path: str = "/messages/count_tokens"

    def content_of(self, _answer: Json) -> Json:
        """Give nothing: an answer holds no words."""
        return {}

    def with_content(self, answer: Json, _content: Json) -> Json:
        """Give the answer as it came."""
        return answer

    def usage(self, _answer: Json) -> Usage:
        """Count nothing as used: a count costs nothing."""
        return Usage()


@dataclass(slots=True)
class MessagesReader:
    """Cuts events into the words of each block, tool calls, and the rest."""

    model: str = ""
    usage: Usage = field(default_factory=Usage)
    ended: bool = False
    _kinds: dict[int, str] = field(default_factory=dict)

    def take(self, event: Event) -> list[Piece]:
        """Cut one event into pieces."""
        value = event.json()
        kind = word(value.get("type")) or event.name
        if kind == "message_start":
            return self._begun(value)
        if kind == "content_block_start":
            return self._started(value)
        if kind == "content_block_delta":
            return self._delta(value)
        if kind == "content_block_stop":
            return self._stopped(value)
        if kind == "message_delta":
            out = number(value.get("usage") or {}, "output_tokens")
            self.usage = replace(self.usage, output_tokens=out or self.usage.output_tokens)
        if kind == "message_stop":
            self.ended = True
            written = sse(value, kind)
            closing = [Piece(PieceKind.CLOSE, str(each)) for each in self._kinds]
            return [*closing, Piece(PieceKind.END, write=lambda _said: written)]
        return [passed(value, kind)]

    def _begun(self, value: Json) -> list[Piece]:
        message = value.get("message")
        if isinstance(message, dict):
            self.model = word(message.get("model"))
            self.usage = _usage(message.get("usage"))
        return [passed(value, "message_start")]

    def _started(self, value: Json) -> list[Piece]:
        index = index_in(value)
        block = member(value, "content_block")
        self._kinds[index] = word(block.get("type"))
        if block.get("type") != "tool_use":
            return self._opened(value, index, block)

        def write(arguments: str) -> bytes:
            delta = {"type": "input_json_delta", "partial_json": arguments}
            told = {"type": "content_block_delta", "index": index, "delta": delta}
            return sse(value, "content_block_start") + sse(told, "content_block_delta")

        opened = (word(block.get("id")), word(block.get("name")))
        return [Piece(PieceKind.TOOL, str(index), "", *opened, write=write)]

    def _opened(self, value: Json, index: int, block: Json) -> list[Piece]:
        """Open a block; words that stand in its opening are treated like all others."""
        field_name = "thinking" if block.get("type") == "thinking" else "text"
        words = block.get(field_name)
        if not isinstance(words, str) or not words:
            return [passed(value, "content_block_start")]
        emptied = {**value, "content_block": {**block, field_name: ""}}
        return [passed(emptied, "content_block_start"), _words(index, f"{field_name}_delta", words)]

    def _delta(self, value: Json) -> list[Piece]:
        index = index_in(value)
        delta = member(value, "delta")
        kind = word(delta.get("type"))
        if kind in _WORDS and isinstance(delta.get(_WORDS[kind]), str):
            return [_words(index, kind, delta[_WORDS[kind]])]
        if kind == "input_json_delta" and self._kinds.get(index) == "tool_use":
            return [Piece(PieceKind.ARGUMENTS, str(index), str(delta.get("partial_json") or ""))]
        return [passed(value, "content_block_delta")]

    def _stopped(self, value: Json) -> list[Piece]:
        index = index_in(value)
        self._kinds.pop(index, None)
        return [Piece(PieceKind.CLOSE, str(index)), passed(value, "content_block_stop")]


def _words(index: int, kind: str, text: str) -> Piece:
    def write(said: str) -> bytes:
        delta = {"type": kind, _WORDS[kind]: said}
        told = {"type": "content_block_delta", "index": index, "delta": delta}
        return sse(told, "content_block_delta")

    return Piece(PieceKind.TEXT, str(index), text, write=write)


def _usage(found: object) -> Usage:
    read = usage_of(found, "input_tokens", "output_tokens")
    if not isinstance(found, dict):
        return read
    cached = ("cache_creation_input_tokens", "cache_read_input_tokens")
    return replace(read, input_tokens=read.input_tokens + sum(number(found, n) for n in cached))


def _results(messages: Sequence[dict[str, Any]]) -> list[str]:
    return [
        word(block.get("tool_use_id"))
        for each in messages
        for block in (each["content"] if isinstance(each.get("content"), list) else ())
        if isinstance(block, dict) and block.get("type") == "tool_result"
    ]


def _error(stop: Stop, exchange: str) -> dict[str, Any]:
    kind = _KINDS.get(stop.status, "api_error")
    told = {"type": kind, "message": sentence(stop), "code": stop.code, "field": stop.field}
    return {"type": "error", "error": told, "request_id": exchange}
