"""An answer of OpenAI's chat completions, whole or as a stream: heard, and said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from muniment.gateway.dialects.base import Event, member, sse, word, write_json
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
    "stop": Why.END,
    "length": Why.LENGTH,
    "tool_calls": Why.TOOLS,
    "content_filter": Why.REFUSED,
}
_SAID: Final = {Why.SEQUENCE: "stop", **{why: name for name, why in _WHY.items()}}
_THOUGHTS: Final = ("reasoning_content", "reasoning")
_WORDS: Final = ("content", "refusal")
_MESSAGE: Final = frozenset({"role", "tool_calls", *_WORDS, *_THOUGHTS})


def hear(answer: Json) -> Telling:
    """Read a whole answer."""
    choices = objects(answer.get("choices"), "choices")
    if len(choices) != 1:
        raise unheard("choices", "there is not exactly one")
    message = member(choices[0], "message")
    _require_known(message)
    why = _why(choices[0].get("finish_reason"))
    if message.get("refusal"):
        why = Why.REFUSED
    return Telling(
        id=word(answer.get("id")),
        model=word(answer.get("model")),
        parts=tuple(_parts(message)),
        why=why,
        count=_count(answer.get("usage")),
    )


def say(told: Telling) -> dict[str, Any]:
    """Write a whole answer."""
    message = _message(told.parts)
    choice = {"index": 0, "message": message, "finish_reason": _SAID[told.why], "logprobs": None}
    return {
        "id": told.id,
        "object": "chat.completion",
        "created": 0,
        "model": told.model,
        "choices": [choice],
        "usage": _usage(told.count),
    }


@dataclass(slots=True)
class ChatHearer:
    """Hears a stream."""

    _begun: bool = False
    _tool: object = None
    _refused: bool = False

    def hear(self, event: Event) -> Iterator[Heard]:
        """Say what an event brings."""
        if event.data.strip() == "[DONE]":
            yield said.Ended()
            return
        chunk = event.json()
        if chunk.get("error"):
            yield said.Broke(word(member(chunk, "error").get("message")) or "it broke off")
            return
        if not self._begun:
            self._begun = True
            yield said.Began(word(chunk.get("id")), word(chunk.get("model")))
        for choice in objects(chunk.get("choices") or [], "choices"):
            yield from self._choice(choice)
        if chunk.get("usage"):
            yield said.Counted(_count(chunk["usage"]))

    def _choice(self, choice: Json) -> Iterator[Heard]:
        if choice.get("index") not in (0, None):
            raise unheard("choices", "there is more than one")
        delta = member(choice, "delta")
        _require_known(delta)
        self._refused = self._refused or bool(delta.get("refusal"))
        for name in (*_THOUGHTS, *_WORDS):
            if delta.get(name):
                yield said.Bit(str(delta[name]), thought=name in _THOUGHTS)
        for call in objects(delta.get("tool_calls") or [], "tool_calls"):
            yield from self._call(call)
        if choice.get("finish_reason") is not None:
            why = _why(choice["finish_reason"])
            yield said.Stopped(Why.REFUSED if self._refused else why)

    def _call(self, call: Json) -> Iterator[Heard]:
        function = member(call, "function")
        place = call.get("index", 0)
        if self._tool != place:
            if not function.get("name"):
                raise unheard("tool_calls", "the arguments of several come mixed")
            self._tool = place
            yield said.Called(word(call.get("id")), word(function["name"]))
        if function.get("arguments"):
            yield said.More(str(function["arguments"]))


@dataclass(slots=True)
class ChatSpeaker:
    """Says a stream; how much was used comes apart where the caller asked for it."""

    counts: bool = False
    _frame: Json | None = None
    _tools: int = -1
    _why: Why | None = None
    _count: Count = field(default_factory=Count)

    def say(self, heard: Heard) -> bytes:
        """Write what was heard."""
        out = b""
        match heard:
            case said.Began():
                told = {"id": heard.id, "object": "chat.completion.chunk", "created": 0}
                self._frame = {**told, "model": heard.model}
                out = self._chunk({"role": "assistant", "content": ""})
            case said.Bit():
                out = self._chunk({_THOUGHTS[0] if heard.thought else "content": heard.text})
            case said.Called():
                out = self._called(heard)
            case said.More():
                call = {"index": self._tools, "function": {"arguments": heard.arguments}}
                out = self._chunk({"tool_calls": [call]})
            case said.Broke():
                out = sse({"error": {"message": heard.says, "type": "api_error"}})
            case said.Ended():
                out = self._end()
            case said.Stopped():
                self._why = heard.why
            case said.Counted():
                self._count = said.summed(self._count, heard.count)
        return out

    def _called(self, heard: said.Called) -> bytes:
        self._tools += 1
        function = {"name": heard.name, "arguments": ""}
        call = {"index": self._tools, "id": heard.id, "type": "function", "function": function}
        return self._chunk({"tool_calls": [call]})

    def _chunk(self, delta: Json, **more: object) -> bytes:
        if self._frame is None:
            raise unheard("the stream", "it has no beginning")
        choice = {"index": 0, "delta": delta, "finish_reason": more.pop("finish", None)}
        return sse({**self._frame, "choices": [choice], **more})

    def _end(self) -> bytes:
        if self._why is None:
            raise unheard("the stream", "it does not say why it ends")
        usage = _usage(self._count)
        more = {} if self.counts else {"usage": usage}
        last = self._chunk({}, finish=_SAID[self._why], **more)
        apart = sse({**(self._frame or {}), "choices": [], "usage": usage}) if self.counts else b""
        return last + apart + b"data: [DONE]\n\n"


def _require_known(message: Json) -> None:
    """Refuse words in a form that nobody here knows; what is empty says nothing."""
    for name, each in message.items():
        if name not in _MESSAGE and each not in (None, [], "", {}):
            raise unheard(name[:60])


def _parts(message: Json) -> Iterator[Part]:
    for name in (*_THOUGHTS, *_WORDS):
        text = message.get(name)
        if text:
            if not isinstance(text, str):
                raise unheard(name, "it is no text")
            yield said.Thought(text) if name in _THOUGHTS else said.Text(text)
    for call in objects(message.get("tool_calls") or [], "tool_calls"):
        function = member(call, "function")
        if not function:
            raise unheard("tool_calls", "it is no call of a function")
        arguments = heard_arguments(function.get("arguments"))
        yield said.Use(word(call.get("id")), word(function.get("name")), arguments)


def _message(parts: tuple[Part, ...]) -> dict[str, Any]:
    words = "".join(each.text for each in parts if isinstance(each, said.Text))
    thoughts = "".join(each.text for each in parts if isinstance(each, said.Thought))
    calls = [
        {
            "id": each.id,
            "type": "function",
            "function": {"name": each.name, "arguments": write_json(each.arguments).decode()},
        }
        for each in parts
        if isinstance(each, said.Use)
    ]
    told: dict[str, Any] = {"role": "assistant", "content": words or None, "refusal": None}
    if not calls and not words:
        told["content"] = ""
    if thoughts:
        told[_THOUGHTS[0]] = thoughts
    return {**told, "tool_calls": calls} if calls else told


def _why(value: object) -> Why:
    found = _WHY.get(str(value))
    if found is None:
        raise unheard("finish_reason", f"{str(value)[:40]} is not known here")
    return found


def _count(usage: object) -> Count:
    details = usage.get("prompt_tokens_details") if isinstance(usage, dict) else None
    read = counted(details, "cached_tokens")
    given = max(0, counted(usage, "prompt_tokens") - read)
    return Count(given, read, 0, counted(usage, "completion_tokens"))


def _usage(count: Count) -> dict[str, Any]:
    given = count.given + count.read + count.written
    told = {"prompt_tokens": given, "completion_tokens": count.said}
    details = {"cached_tokens": count.read}
    return {**told, "total_tokens": given + count.said, "prompt_tokens_details": details}
