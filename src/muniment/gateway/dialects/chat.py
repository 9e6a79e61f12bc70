"""OpenAI's chat completions: messages in, choices out, streamed as deltas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from muniment.gateway.dialects.base import (
    MOST_TOKENS,
    Event,
    Json,
    Parts,
    Piece,
    PieceKind,
    answers_of,
    arguments_of,
    failed,
    flag,
    index_in,
    inspected,
    listed,
    loose,
    member,
    model_of,
    parts_of,
    passed,
    promised,
    rows,
    sse,
    tools_in,
    whole,
    word,
)
from muniment.gateway.dialects.telling import TellsAsOpenAi, choices_of, used, without
from muniment.gateway.exchange import Asked, ToolCall, Usage

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
_SPEAKERS: Final = ("user", "assistant")  # a tuple, since a role may be anything at all
_WORDS: Final = ("content", "refusal", "reasoning", "reasoning_content")
_FRAME: Final = frozenset(
    {"id", "object", "created", "model", "system_fingerprint", "service_tier", "usage"}
)
_CHOICE: Final = frozenset({"index", "message", "finish_reason", "logprobs"})
# What comes in fragments of a structure could not be inspected across them; padding says nothing.
_LEFT_OUT: Final = frozenset({"audio", "reasoning_details", "obfuscation"})
_USUAL: Final = _FRAME | _LEFT_OUT | {"choices"}
_SAID: Final = frozenset({"role", "content", "refusal"})
_TOLD: Final = _FRAME | {"choices"}
_CONTENT: Final = frozenset({"content"})
_MOST: Final = ("max_completion_tokens", "max_tokens")


@dataclass(frozen=True, slots=True)
class Chat(TellsAsOpenAi):
    """Chat completions."""

    surface: str = "chat"
    protocol: str = "openai"
    path: str = "/chat/completions"

    def read(self, body: Json) -> Asked:
        """Say what a request asks for."""
        instructions: list[Any] = []
        results: list[str] = []
        for each in rows(body, "messages"):
            role = each.get("role")
            if role == "tool":
                results.append(word(each.get("tool_call_id")))
            elif role not in _SPEAKERS and word(role) in _SYSTEM:
                instructions.append(each)
        user = body.get("safety_identifier") or body.get("user")
        return Asked(
            model_of(body),
            flag(body, "stream") if "stream" in body else False,
            word(user) if user else "",
            tuple(instructions),
            tools_in(body, _tool_name) if "tools" in body else (),
            whole(body, *_MOST) if not body.keys().isdisjoint(_MOST) else 0,
            answers_of(body, "n") if "n" in body else 1,
            inspected(body, _STEERING),
            tuple(results),
        )

    def content_of(self, answer: Json) -> Json:
        """Give the messages of an answer, and every field that nobody here knows."""
        choices = promised(answer, "choices")
        if not choices:
            promised({}, "choices")
        if len(choices) == 1 and choices[0].keys() <= _CHOICE and answer.keys() <= _TOLD:
            return {"messages": [choices[0].get("message")], "choices": [{}], "answer": {}}
        return {
            "messages": [each.get("message") for each in choices],
            "choices": [without(each, _CHOICE) for each in choices],
            "answer": without(answer, _TOLD),
        }

    def with_content(self, answer: Json, content: Json) -> Json:
        """Put changed messages back; what tells words in another way goes."""
        if _is_same(answer, content):
            return answer
        choices = []
        given = zip(answer["choices"], content["messages"], content["choices"], strict=True)
        for choice, message, more in given:
            same = choice.get("message") == message
            kept = choice if same else {**choice, "logprobs": None}
            choices.append({**kept, **more, "message": message})
        return {**answer, **content["answer"], "choices": choices}

    def tool_calls(self, answer: Json) -> Sequence[ToolCall]:
        """List the tools that an answer wants called."""
        found = []
        for choice in choices_of(answer):
            message = member(choice, "message")
            if message.keys() <= _SAID:
                continue
            for call in listed(message.get("tool_calls")):
                found += _called(call)
            if message.get("function_call") is not None:
                found += _called({"function": message["function_call"]})
        return found

    def parts(self, answer: Json) -> Parts:
        """Give all that an answer is looked at for; of one of the usual form at once."""
        choices = answer.get("choices")
        if type(choices) is list and len(choices) == 1 and answer.keys() <= _TOLD:
            choice = choices[0]
            if type(choice) is dict and choice.keys() <= _CHOICE:
                message = choice.get("message")
                if type(message) is dict and message.keys() <= _SAID:
                    content = {"messages": [message], "choices": [{}], "answer": {}}
                    return Parts(content, _used(answer.get("usage")), (), is_usual=True)
        return parts_of(self, answer)

    def reader(self) -> ChatReader:
        """Begin to cut a stream into pieces."""
        return ChatReader()


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
        if chunk.get("error"):
            return [failed(chunk["error"])]
        self.model = word(chunk.get("model")) or self.model
        if chunk.get("usage"):
            self.usage = used(chunk["usage"])
        choices = choices_of(chunk)
        frame = {name: value for name, value in chunk.items() if name in _FRAME}
        if chunk.keys() <= _USUAL and len(choices) == 1 and _is_more_words(choices[0]):
            said = choices[0]["delta"]["content"]
            return [self._words(frame, index_in(choices[0]), "content", said)]
        pieces = [piece for choice in choices for piece in self._choice(frame, choice)]
        more = {
            name: value
            for name, value in chunk.items()
            if name not in (*_FRAME, *_LEFT_OUT, "choices") and value is not None
        }
        at: list[Json] = [
            {"index": index_in(each), "delta": {}, "finish_reason": None} for each in choices[:1]
        ]
        if not choices and not more:
            return [passed({**frame, "choices": []})]
        return [*pieces, *loose(more, lambda safe: sse({**frame, **safe, "choices": at}))]

    def _choice(self, frame: Json, choice: Json) -> list[Piece]:
        index = index_in(choice)
        delta = member(choice, "delta")
        pieces: list[Piece] = []
        rest = {name: each for name, each in delta.items() if each is None or name == "role"}
        if rest:
            rest |= {"role": word(rest["role"])} if rest.get("role") is not None else {}
            pieces.append(passed(_chunk(frame, index, rest)))
        words = [name for name, each in delta.items() if isinstance(each, str) and name != "role"]
        pieces += [self._words(frame, index, name, delta[name]) for name in words]
        known = (*rest, *words, *_LEFT_OUT, "tool_calls", "function_call")
        more = {name: each for name, each in delta.items() if name not in known}
        pieces += loose(more, lambda safe: sse(_chunk(frame, index, safe)))
        for call in listed(delta.get("tool_calls")):
            if isinstance(call, dict):
                pieces += self._tool(frame, index, call)
        if isinstance(delta.get("function_call"), dict):
            pieces += self._function(frame, index, delta["function_call"])
        if choice.get("finish_reason") is not None:
            pieces += self._close(index)
            why = word(choice["finish_reason"]) or "stop"
            pieces.append(passed(_chunk(frame, index, {}, why)))
        return pieces

    def _words(self, frame: Json, index: int, name: str, text: str) -> Piece:
        channel = f"{index}.{name}"
        self._noted(index, channel)

        def write(said: str) -> bytes:
            return sse(_chunk(frame, index, {name: said}))

        return Piece(PieceKind.TEXT, channel, text, write=write)

    def _tool(self, frame: Json, index: int, call: Json) -> list[Piece]:
        place = index_in(call)
        channel = f"{index}.tool.{place}"
        kind, said = ("custom", "input") if "custom" in call else ("function", "arguments")
        function = member(call, kind)
        opened = (word(call.get("id")), word(function.get("name")))

        def write(arguments: str) -> bytes:
            named = {"index": place, "id": opened[0], "type": kind}
            whole_call = {**named, kind: {"name": opened[1], said: arguments}}
            return sse(_chunk(frame, index, {"tool_calls": [whole_call]}))

        pieces = self._begun(index, channel, Piece(PieceKind.TOOL, channel, "", *opened, write))
        return [*pieces, *_more_of(channel, function.get(said))]

    def _function(self, frame: Json, index: int, function: Json) -> list[Piece]:
        """Cut a call in the form that came before tools."""
        channel = f"{index}.tool.function"
        name = word(function.get("name"))

        def write(arguments: str) -> bytes:
            told = {"name": name, "arguments": arguments}
            return sse(_chunk(frame, index, {"function_call": told}))

        pieces = self._begun(index, channel, Piece(PieceKind.TOOL, channel, "", "", name, write))
        return [*pieces, *_more_of(channel, function.get("arguments"))]

    def _begun(self, index: int, channel: str, opening: Piece) -> list[Piece]:
        """Open a tool, unless it is open; the one before it is complete."""
        if channel in self._open.get(index, ()):
            return []
        before = [each for each in self._open.get(index, ()) if ".tool." in each]
        self._open[index] = [each for each in self._open.get(index, ()) if each not in before]
        self._noted(index, channel)
        return [*(Piece(PieceKind.CLOSE, each) for each in before), opening]

    def _noted(self, index: int, channel: str) -> None:
        channels = self._open.setdefault(index, [])
        if channel not in channels:
            channels.append(channel)

    def _close(self, index: int) -> list[Piece]:
        return [Piece(PieceKind.CLOSE, channel) for channel in self._open.pop(index, ())]


def _used(told: object) -> Usage:
    """Read how much was used, where it is told as usual."""
    if type(told) is not dict:
        return used(told)
    into, out = told.get("prompt_tokens"), told.get("completion_tokens")
    if type(into) is not int or type(out) is not int:
        return used(told)
    return Usage(into, out) if 0 < into <= MOST_TOKENS and 0 < out <= MOST_TOKENS else used(told)


def _is_same(answer: Json, content: Json) -> bool:
    """Tell whether these are the parts of an answer of one choice as they came."""
    choices = answer["choices"]
    if len(choices) > 1 or content["answer"] or content["choices"][0]:
        return False
    return choices[0].get("message", content) is content["messages"][0]


def _is_more_words(choice: Json) -> bool:
    """Tell whether a choice only goes on with words, as nearly all of a stream does."""
    delta = choice.get("delta")
    if not isinstance(delta, dict) or delta.keys() != _CONTENT:
        return False
    return choice.get("finish_reason") is None and isinstance(delta["content"], str)


def _chunk(frame: Json, index: object, delta: Json, finish: object = None) -> dict[str, Any]:
    return {**frame, "choices": [{"index": index, "delta": delta, "finish_reason": finish}]}


def _empty(index: int) -> dict[str, Any]:
    return {"index": index, "delta": {}, "finish_reason": None}


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
    arguments = arguments_of(function.get("arguments", function.get("input")))
    return [ToolCall(word(call.get("id")), word(function.get("name")), arguments)]


def _more_of(channel: str, arguments: object) -> list[Piece]:
    given = arguments_of(arguments)
    return [Piece(PieceKind.ARGUMENTS, channel, given)] if given else []
