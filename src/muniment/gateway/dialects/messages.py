"""Anthropic's messages: content blocks in and out, streamed block by block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from msgspec.structs import replace

from muniment.core.errors import InvalidError
from muniment.gateway.dialects.base import (
    Event,
    Json,
    Parts,
    Piece,
    PieceKind,
    arguments_of,
    failed,
    flag,
    index_in,
    inspected,
    loose,
    member,
    model_of,
    number,
    parts_of,
    passed,
    promised,
    read_value,
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
_ANSWER: Final = frozenset(
    {"id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage"}
)
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
        """Give the content blocks of an answer, and every field that nobody here knows.

        What a tool is called with is given as text, so that its names are inspected as well.
        """
        blocks = [_as_text(each) for each in promised(answer, "content")]
        more = {name: each for name, each in answer.items() if name not in _ANSWER}
        return {"content": blocks, "answer": more}

    def with_content(self, answer: Json, content: Json) -> Json:
        """Put changed blocks back."""
        blocks = [_as_input(each) for each in content["content"]]
        return {**answer, **content["answer"], "content": blocks}

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
            if isinstance(each, dict) and _is_tool(each)
        ]

    def usage(self, answer: Json) -> Usage:
        """Read how much was used."""
        return _usage(answer.get("usage"))

    def parts(self, answer: Json) -> Parts:
        """Give all that an answer is looked at for."""
        return parts_of(self, answer)

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

    def read(self, body: Json) -> Asked:
        """Say what a request asks for; a count does not stream."""
        return replace(super(CountTokens, self).read(body), streamed=False)

    def content_of(self, answer: Json) -> Json:
        """Give what nobody here knows; a count holds no words."""
        return {name: each for name, each in answer.items() if name != "input_tokens"}

    def with_content(self, answer: Json, content: Json) -> Json:
        """Put back what was unknown."""
        return {**answer, **content}

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
        readers: dict[str, Callable[[Json], list[Piece]]] = {
            "message_start": self._begun,
            "content_block_start": self._started,
            "content_block_delta": self._delta,
            "content_block_stop": self._stopped,
            "message_delta": self._told,
            "message_stop": self._ended,
            "error": lambda told: [failed(told.get("error") or told)],
            "ping": lambda _told: [passed({"type": "ping"}, "ping")],
        }
        known = readers.get(kind)
        return known(value) if known else loose(value, lambda safe: sse(safe, kind))

    def _begun(self, value: Json) -> list[Piece]:
        message = member(value, "message")
        self.model = word(message.get("model"))
        self.usage = _usage(message.get("usage"))
        kept = {name: each for name, each in message.items() if name in _ANSWER}
        begun = {"type": "message_start", "message": {**kept, "content": []}}
        return [passed(begun, "message_start")]

    def _told(self, value: Json) -> list[Piece]:
        used = _usage(value.get("usage"))
        self.usage = Usage(
            used.input_tokens or self.usage.input_tokens,
            used.output_tokens or self.usage.output_tokens,
        )
        return [passed(value, "message_delta")]

    def _ended(self, value: Json) -> list[Piece]:
        self.ended = True
        written = sse(value, "message_stop")
        closing = [Piece(PieceKind.CLOSE, str(each)) for each in self._kinds]
        return [*closing, Piece(PieceKind.END, write=lambda _said: written)]

    def _started(self, value: Json) -> list[Piece]:
        index = index_in(value)
        block = member(value, "content_block")
        self._kinds[index] = word(block.get("type"))
        if not _is_tool(block):
            return self._opened(index, block)
        opened = (word(block.get("id")), word(block.get("name")))
        begun = {"type": self._kinds[index], "id": opened[0], "name": opened[1], "input": {}}

        def write(arguments: str) -> bytes:
            told = _more(index, {"type": "input_json_delta", "partial_json": arguments})
            start = sse(_start(index, begun), "content_block_start")
            return start + sse(told, "content_block_delta")

        pieces = [Piece(PieceKind.TOOL, str(index), "", *opened, write=write)]
        if block.get("input"):
            said = write_json(block["input"]).decode()
            pieces.append(Piece(PieceKind.ARGUMENTS, str(index), said))
        return pieces

    def _opened(self, index: int, block: Json) -> list[Piece]:
        """Open a block; words that stand in its opening are treated like all others."""
        field_name = "thinking" if block.get("type") == "thinking" else "text"
        words = block.get(field_name)
        if block.get("type") not in _WORDS.values():
            return loose(block, lambda safe: sse(_start(index, safe), "content_block_start"))
        known = {name: block[name] for name in ("type", "signature") if name in block}
        pieces = [passed(_start(index, {**known, field_name: ""}), "content_block_start")]
        if isinstance(words, str) and words:
            pieces.append(_words(index, f"{field_name}_delta", words))
        return pieces

    def _delta(self, value: Json) -> list[Piece]:
        index = index_in(value)
        delta = member(value, "delta")
        kind = word(delta.get("type"))
        if kind in _WORDS and isinstance(delta.get(_WORDS[kind]), str):
            return [_words(index, kind, delta[_WORDS[kind]])]
        if kind == "input_json_delta":
            return [Piece(PieceKind.ARGUMENTS, str(index), arguments_of(delta.get("partial_json")))]
        if kind == "signature_delta":
            signed = {"type": kind, "signature": delta.get("signature")}
            return [passed(_more(index, signed), "content_block_delta")]

        return loose(delta, lambda safe: sse(_more(index, safe), "content_block_delta"))

    def _stopped(self, value: Json) -> list[Piece]:
        index = index_in(value)
        self._kinds.pop(index, None)
        return [Piece(PieceKind.CLOSE, str(index)), passed(value, "content_block_stop")]


def _is_tool(block: Json) -> bool:
    """Tell whether a block wants a tool called, here or at the provider."""
    return word(block.get("type")).endswith("tool_use")


def _as_text(block: Json) -> dict[str, Any]:
    """Give a tool's input as JSON in a text."""
    if not _is_tool(block):
        return dict(block)
    kept = {name: each for name, each in block.items() if name != "input"}
    return {**kept, "arguments": write_json(block.get("input")).decode()}


def _as_input(block: Json) -> dict[str, Any]:
    if not _is_tool(block):
        return dict(block)
    kept = {name: each for name, each in block.items() if name != "arguments"}
    try:
        return {**kept, "input": read_value(block["arguments"])}
    except InvalidError:
        return {**kept, "input": block["arguments"]}


def _start(index: int, block: Json) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": block}


def _more(index: int, delta: Json) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": delta}


def _words(index: int, kind: str, text: str) -> Piece:
    def write(said: str) -> bytes:
        return sse(_more(index, {"type": kind, _WORDS[kind]: said}), "content_block_delta")

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
    if stop.approval:
        told["approval"] = stop.approval
    return {"type": "error", "error": told, "request_id": exchange}
