"""Cuts a stream of OpenAI's responses into pieces.

Words are said word by word, and again in the events that end a part, an item and the response;
there they are replaced by exactly what went on. Items of kinds that nobody here knows are kept back
until they are whole and were inspected. Numbers of events are counted anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from muniment.gateway.dialects.base import (
    Event,
    Json,
    Piece,
    PieceKind,
    Said,
    failed,
    listed,
    loose,
    member,
    read_value,
    sse,
    usage_of,
    word,
    write_json,
)
from muniment.gateway.exchange import Usage

_SORTS: Final = {
    "response.output_text": "text",
    "response.refusal": "refusal",
    "response.reasoning_summary_text": "summary",
    "response.reasoning_text": "reasoning",
}
_ENDS: Final = frozenset({"response.completed", "response.incomplete"})
_BEGINS: Final = frozenset({"response.created", "response.queued", "response.in_progress"})
_PARTS: Final = frozenset(
    {
        *("response.content_part.added", "response.content_part.done"),
        *("response.reasoning_summary_part.added", "response.reasoning_summary_part.done"),
    }
)
_ANNOTATED: Final = "response.output_text.annotation.added"
_SAID: Final = frozenset({"message", "reasoning"})
_CALLS: Final = {
    "function_call": ("response.function_call_arguments", "arguments"),
    "custom_tool_call": ("response.custom_tool_call_input", "input"),
}
_ITEM: Final = frozenset(
    {
        *("id", "type", "status", "role", "phase", "content", "summary", "encrypted_content"),
        *("call_id", "name"),
    }
)
_PLACE: Final = ("item_id", "output_index", "content_index", "summary_index")


@dataclass(slots=True)
class ResponsesReader:
    """Cuts events into words, tool calls, and events that say again what was said."""

    model: str = ""
    usage: Usage = field(default_factory=Usage)
    ended: bool = False
    _number: int = 0
    _kept_back: dict[object, str] = field(default_factory=dict)
    _whole: dict[object, Json] = field(default_factory=dict)
    _notes: dict[str, list[Any]] = field(default_factory=dict)

    def take(self, event: Event) -> list[Piece]:
        """Cut one event into pieces."""
        value = event.json()
        kind = word(value.get("type")) or event.name
        response = member(value, "response")
        if response:
            self.model = word(response.get("model")) or self.model
            self.usage = usage_of(response.get("usage"), "input_tokens", "output_tokens")
        if kind in ("error", "response.failed"):
            return [failed(response.get("error") or value.get("error") or value)]
        if kind in _ENDS:
            self.ended = True
            return [Piece(PieceKind.END, write=self._writer(kind, value))]
        if kind in _BEGINS:
            told = {"type": kind, "response": {**response, "output": []}}
            return [Piece(PieceKind.PASS, write=self._writer(kind, told))]
        if kind in ("response.output_item.added", "response.output_item.done"):
            return self._item(kind, value)
        if value.get("output_index") in self._kept_back:
            return []
        return self._said(kind, value)

    def _said(self, kind: str, value: Json) -> list[Piece]:
        """Cut an event within an item that is said bit by bit."""
        base, _, end = kind.rpartition(".")
        if base in _SORTS and end == "delta":
            return [self._words(kind, value, _SORTS[base])]
        if base in _SORTS and end == "done":
            return [Piece(PieceKind.CLOSE, _channel(value, _SORTS[base])), self._done(kind, value)]
        if base in (each for each, _ in _CALLS.values()):
            return self._arguments(kind, value)
        if kind in _PARTS:
            return [Piece(PieceKind.PASS, write=self._writer(kind, value))]
        if kind == _ANNOTATED:
            return self._annotation(kind, value)
        return self._unknown(kind, value)

    def _unknown(self, kind: str, value: Json) -> list[Piece]:
        """Inspect what nobody here knows; text that comes in bits waits for its other bits."""
        channel = f"other.{kind.rpartition('.')[0]}.{value.get('output_index', '')}"
        delta = value.get("delta")
        if isinstance(delta, str):

            def write(said: str) -> bytes:
                return self._event(kind, {**_place(value), "type": kind, "delta": said})

            return [Piece(PieceKind.TEXT, channel, delta, write=write)]
        closing = [Piece(PieceKind.CLOSE, channel)] if kind.endswith(".done") else []
        if closing:
            return [*closing, self._done(kind, {**_place(value), "type": kind})]
        return loose(value, lambda safe: self._event(kind, safe))

    def _words(self, kind: str, value: Json, sort: str) -> Piece:
        def write(said: str) -> bytes:
            more: dict[str, Any] = {"logprobs": []} if sort == "text" else {}
            return self._event(kind, {**_place(value), "type": kind, "delta": said, **more})

        delta = value.get("delta")
        text = delta if isinstance(delta, str) else ""
        return Piece(PieceKind.TEXT, _channel(value, sort), text, write=write)

    def _done(self, kind: str, value: Json) -> Piece:
        return Piece(PieceKind.PASS, write=self._writer(kind, value))

    def _annotation(self, kind: str, value: Json) -> list[Piece]:
        notes = self._notes.setdefault(_channel(value, "text"), [])

        def write(safe: Json) -> bytes:
            notes.append(safe)
            told = {"type": kind, "annotation_index": len(notes) - 1, "annotation": safe}
            return self._event(kind, {**_place(value), **told})

        return loose(member(value, "annotation"), write)

    def _arguments(self, kind: str, value: Json) -> list[Piece]:
        channel = _tool_channel(value)
        if kind.endswith(".delta"):
            delta = value.get("delta")
            return [Piece(PieceKind.ARGUMENTS, channel, delta if isinstance(delta, str) else "")]
        return [Piece(PieceKind.CLOSE, channel), self._done(kind, value)]

    def _item(self, kind: str, value: Json) -> list[Piece]:
        item = member(value, "item")
        sort = word(item.get("type"))
        channel = _tool_channel(value)
        if sort in _SAID:
            return [self._done(kind, value)]
        if sort not in _CALLS:
            return self._keep_back(kind, value, sort)
        if kind.endswith(".done"):
            return [Piece(PieceKind.CLOSE, channel), self._done(kind, value)]
        base, _ = _CALLS[sort]

        def write(said: str) -> bytes:
            told = {**_place(value), "type": f"{base}.delta", "item_id": item.get("id")}
            begun = self._event(kind, _said_again(kind, value, {}, self._whole, self._notes))
            return begun + self._event(f"{base}.delta", {**told, "delta": said})

        opened = (word(item.get("call_id")), word(item.get("name")))
        return [Piece(PieceKind.TOOL, channel, "", *opened, write=write)]

    def _keep_back(self, kind: str, value: Json, sort: str) -> list[Piece]:
        """Keep an item back until it is whole; one that is a call is judged as a tool."""
        index, item = value.get("output_index", 0), member(value, "item")
        if not kind.endswith(".done"):
            self._kept_back[index] = sort
            return []
        self._kept_back.pop(index, None)
        names = ("id", "type", "status", "call_id")
        kept: dict[str, Any] = {name: item[name] for name in names if name in item}
        more = {name: each for name, each in item.items() if name not in kept}

        def write(safe: Json) -> bytes:
            whole: dict[str, Any] = {**kept, **safe}
            self._whole[index] = whole
            told = {"output_index": index, "item": whole}
            added = "response.output_item.added"
            return self._event(added, {"type": added, **told}) + self._event(
                kind, {"type": kind, **told}
            )

        if not sort.endswith("_call"):
            return [Piece(PieceKind.LOOSE, write=write, value=more)]
        channel = _tool_channel(value)
        opened = (word(item.get("call_id")), word(item.get("name")) or sort)
        calling = Piece(PieceKind.TOOL, channel, "", *opened, write=_of_json(write))
        said = Piece(PieceKind.ARGUMENTS, channel, write_json(more).decode())
        return [calling, said, Piece(PieceKind.CLOSE, channel)]

    def _writer(self, kind: str, value: Json) -> Callable[[Said], bytes]:
        def write(said: Said) -> bytes:
            return self._event(kind, _said_again(kind, value, said, self._whole, self._notes))

        return write

    def _event(self, kind: str, value: Json) -> bytes:
        numbered = {**value, "sequence_number": self._number}
        self._number += 1
        return sse(numbered, kind)


def _of_json(write: Callable[[Json], bytes]) -> Callable[[str], bytes]:
    return lambda said: write(read_value(said))


def _place(value: Json) -> dict[str, Any]:
    return {name: value[name] for name in _PLACE if name in value}


def _channel(value: Json, sort: str) -> str:
    inner = value.get("content_index", value.get("summary_index", 0))
    return f"{value.get('output_index', 0)}.{sort}.{inner}"


def _tool_channel(value: Json) -> str:
    return f"{value.get('output_index', 0)}.tool"


def _said_again(
    kind: str, value: Json, said: Said, whole: dict[object, Json], notes: dict[str, list[Any]]
) -> dict[str, Any]:
    """Write an event that says words again with the words that went on."""
    told = {"type": kind, **_place(value)}
    base = kind.rpartition(".")[0]
    again = _Again(said, whole, notes)
    if base in _SORTS:
        name = "refusal" if _SORTS[base] == "refusal" else "text"
        told[name] = said.get(_channel(value, _SORTS[base]), "")
        if _SORTS[base] == "text":
            told["logprobs"] = []
    for each, name in _CALLS.values():
        if base == each:
            told[name] = said.get(_tool_channel(value), "")
            told |= {"name": word(value["name"])} if "name" in value else {}
    if "part" in value:
        sort = "summary" if "summary_index" in value else _sort_of(member(value, "part"))
        told["part"] = again.part(member(value, "part"), _channel(value, sort))
    if "item" in value:
        told["item"] = again.item(member(value, "item"), value.get("output_index", 0))
    if "response" in value:
        response = member(value, "response")
        output = [
            again.item(each, place)
            for place, each in enumerate(listed(response.get("output")))
            if isinstance(each, dict) and (place in whole or again.knows(each))
        ]
        told["response"] = {**response, "output": output}
    return told


@dataclass(frozen=True, slots=True)
class _Again:
    """Says items and parts again with what went on of them."""

    said: Said
    whole: dict[object, Json]
    notes: dict[str, list[Any]]

    def knows(self, item: Json) -> bool:
        """Tell whether an item is of a kind that is said bit by bit."""
        return item.get("type") in _SAID or item.get("type") in _CALLS

    def item(self, item: Json, index: object) -> Json:
        """Say an item again."""
        if index in self.whole:
            return self.whole[index]
        told = {name: each for name, each in item.items() if name in _ITEM}
        for name, sort in (("content", ""), ("summary", "summary")):
            if name in item:
                told[name] = [
                    self.part(each, f"{index}.{sort or _sort_of(each)}.{place}")
                    for place, each in enumerate(listed(item[name]))
                    if isinstance(each, dict)
                ]
        if item.get("type") in _CALLS:
            told[_CALLS[item["type"]][1]] = self.said.get(f"{index}.tool", "")
        return told

    def part(self, part: Json, channel: str) -> Json:
        """Say a part again."""
        kind = word(part.get("type"))
        words = self.said.get(channel, "")
        if kind == "refusal":
            return {"type": kind, "refusal": words}
        told: dict[str, Any] = {"type": kind, "text": words}
        if kind == "output_text":
            told |= {"annotations": self.notes.get(channel, []), "logprobs": []}
        return told


def _sort_of(part: Json) -> str:
    kind = part.get("type")
    return {"refusal": "refusal", "reasoning_text": "reasoning"}.get(str(kind), "text")
