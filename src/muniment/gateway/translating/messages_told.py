"""An answer of Anthropic's messages, whole or as a stream: heard, and said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from muniment.gateway.dialects.base import Event, member, sse, word
from muniment.gateway.translating import said
from muniment.gateway.translating.checking import (
    Json,
    counted,
    heard_arguments,
    objects,
    unheard,
)
from muniment.gateway.translating.said import Count, Heard, Part, Telling, Why

_WHY: Final = {
    "end_turn": Why.END,
    "max_tokens": Why.LENGTH,
    "model_context_window_exceeded": Why.LENGTH,
    "stop_sequence": Why.SEQUENCE,
    "tool_use": Why.TOOLS,
    "refusal": Why.REFUSED,
}
_SAID: Final = {
    Why.END: "end_turn",
    Why.LENGTH: "max_tokens",
    Why.SEQUENCE: "stop_sequence",
    Why.TOOLS: "tool_use",
    Why.REFUSED: "refusal",
}


def hear(answer: Json) -> Telling:
    """Read a whole answer."""
    blocks = objects(answer.get("content"), "content")
    return Telling(
        id=word(answer.get("id")),
        model=word(answer.get("model")),
        parts=tuple(_part(each) for each in blocks),
        why=_why(answer.get("stop_reason")),
        sequence=word(answer.get("stop_sequence")),
        count=_count(answer.get("usage")),
    )


def say(told: Telling) -> dict[str, Any]:
    """Write a whole answer."""
    return {
        "id": told.id,
        "type": "message",
        "role": "assistant",
        "model": told.model,
        "content": [_block(each) for each in told.parts],
        "stop_reason": _SAID[told.why],
        "stop_sequence": told.sequence or None,
        "usage": _usage(told.count),
    }


@dataclass(slots=True)
class MessagesHearer:
    """Hears a stream."""

    def hear(self, event: Event) -> Iterator[Heard]:
        """Say what an event brings."""
        value = event.json()
        match word(value.get("type")) or event.name:
            case "message_start":
                message = member(value, "message")
                yield said.Began(word(message.get("id")), word(message.get("model")))
                yield said.Counted(_count(message.get("usage")))
            case "content_block_start":
                yield from _opened(member(value, "content_block"))
            case "content_block_delta":
                yield from _delta(member(value, "delta"))
            case "message_delta":
                delta = member(value, "delta")
                if delta.get("stop_reason") is not None:
                    sequence = word(delta.get("stop_sequence"))
                    yield said.Stopped(_why(delta["stop_reason"]), sequence)
                yield said.Counted(_count(value.get("usage")))
            case "message_stop":
                yield said.Ended()
            case "error":
                yield said.Broke(word(member(value, "error").get("message")) or "it broke off")
            case "content_block_stop" | "ping":
                return
            case other:
                raise unheard(other[:60] or "an event")


@dataclass(slots=True)
class MessagesSpeaker:
    """Says a stream, block by block; why it ends and what it used come last."""

    _begun: bool = False
    _open: str = ""
    _place: int = -1
    _stopped: said.Stopped | None = None
    _count: Count = field(default_factory=Count)

    def say(self, heard: Heard) -> bytes:
        """Write what was heard."""
        out = b""
        match heard:
            case said.Began():
                out = self._begin(heard)
            case said.Bit():
                out = self._words(heard)
            case said.Called():
                block = {"type": "tool_use", "id": heard.id, "name": heard.name, "input": {}}
                out = self._close() + self._start("tool_use", block)
            case said.More():
                out = self._delta({"type": "input_json_delta", "partial_json": heard.arguments})
            case said.Broke():
                error = {"type": "api_error", "message": heard.says}
                out = sse({"type": "error", "error": error}, "error")
            case said.Ended():
                out = self._end()
            case said.Stopped():
                self._stopped = heard
            case said.Counted():
                self._count = said.summed(self._count, heard.count)
        return out

    def _begin(self, heard: said.Began) -> bytes:
        self._begun = True
        message: dict[str, Any] = {
            "id": heard.id,
            "type": "message",
            "role": "assistant",
            "model": heard.model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": _usage(self._count),
        }
        return sse({"type": "message_start", "message": message}, "message_start")

    def _words(self, heard: said.Bit) -> bytes:
        sort = "thinking" if heard.thought else "text"
        out = b""
        if self._open != sort:
            signed = {"signature": ""} if heard.thought else {}
            out = self._close() + self._start(sort, {"type": sort, sort: "", **signed})
        return out + self._delta({"type": f"{sort}_delta", sort: heard.text})

    def _start(self, sort: str, block: Json) -> bytes:
        if not self._begun:
            raise unheard("the stream", "it has no beginning")
        self._open, self._place = sort, self._place + 1
        told = {"type": "content_block_start", "index": self._place, "content_block": block}
        return sse(told, "content_block_start")

    def _delta(self, delta: Json) -> bytes:
        told = {"type": "content_block_delta", "index": self._place, "delta": delta}
        return sse(told, "content_block_delta")

    def _close(self) -> bytes:
        if not self._open:
            return b""
        self._open = ""
        told = {"type": "content_block_stop", "index": self._place}
        return sse(told, "content_block_stop")

    def _end(self) -> bytes:
        if self._stopped is None or not self._begun:
            raise unheard("the stream", "it does not say why it ends")
        delta = {
            "stop_reason": _SAID[self._stopped.why],
            "stop_sequence": self._stopped.sequence or None,
        }
        told = {"type": "message_delta", "delta": delta, "usage": _usage(self._count)}
        return (
            self._close()
            + sse(told, "message_delta")
            + sse({"type": "message_stop"}, "message_stop")
        )


def _opened(block: Json) -> Iterator[Heard]:
    part = _part(block)
    match part:
        case said.Use():
            yield said.Called(part.id, part.name)
            if part.arguments:
                raise unheard("content_block.input", "it stands where nothing may stand yet")
        case said.Text() | said.Thought() if part.text:
            yield said.Bit(part.text, thought=isinstance(part, said.Thought))


def _delta(delta: Json) -> Iterator[Heard]:
    match word(delta.get("type")):
        case "text_delta":
            yield said.Bit(str(delta.get("text") or ""))
        case "thinking_delta":
            yield said.Bit(str(delta.get("thinking") or ""), thought=True)
        case "input_json_delta":
            yield said.More(str(delta.get("partial_json") or ""))
        case "signature_delta":  # it proves a thought to its own provider, and says nothing
            return
        case other:
            raise unheard(other[:60] or "a delta")


def _part(block: Json) -> Part:
    match word(block.get("type")):
        case "text" if not block.get("citations"):
            return said.Text(str(block.get("text") or ""))
        case "thinking":
            return said.Thought(str(block.get("thinking") or ""))
        case "tool_use":
            arguments = heard_arguments(block.get("input") or {})
            return said.Use(word(block.get("id")), word(block.get("name")), arguments)
        case kind:
            raise unheard(f"a block of the kind {kind[:60] or 'unknown'}")


def _block(part: Part) -> dict[str, Any]:
    match part:
        case said.Text():
            return {"type": "text", "text": part.text}
        case said.Thought():
            return {"type": "thinking", "thinking": part.text, "signature": ""}
        case said.Use():
            used = {"id": part.id, "name": part.name, "input": dict(part.arguments)}
            return {"type": "tool_use", **used}
    raise unheard("a part")


def _why(value: object) -> Why:
    found = _WHY.get(str(value))
    if found is None:
        raise unheard("stop_reason", f"{str(value)[:40]} is not known here")
    return found


def _count(usage: object) -> Count:
    return Count(
        counted(usage, "input_tokens"),
        counted(usage, "cache_read_input_tokens"),
        counted(usage, "cache_creation_input_tokens"),
        counted(usage, "output_tokens"),
    )


def _usage(count: Count) -> dict[str, int]:
    return {
        "input_tokens": count.given,
        "cache_read_input_tokens": count.read,
        "cache_creation_input_tokens": count.written,
        "output_tokens": count.said,
    }
