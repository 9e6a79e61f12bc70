"""OpenAI's older completions: a prompt in, texts out."""

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
    flag,
    index_in,
    inspected,
    model_of,
    openai_error,
    openai_error_value,
    passed,
    sse,
    usage_of,
    whole,
    word,
)
from muniment.gateway.exchange import Asked, Stop, ToolCall, Usage

_STEERING: Final = frozenset(
    {
        *("model", "stream", "stream_options", "temperature", "top_p", "n", "seed", "logprobs"),
        *("max_tokens", "presence_penalty", "frequency_penalty", "logit_bias", "user", "best_of"),
        "echo",
    }
)


@dataclass(frozen=True, slots=True)
class Completions:
    """Completions of a prompt."""

    surface: str = "completions"
    protocol: str = "openai"
    path: str = "/completions"

    def read(self, body: Json) -> Asked:
        """Say what a request asks for."""
        prompt = body.get("prompt")
        texts = [prompt] if isinstance(prompt, str) else prompt
        if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
            raise InvalidError(
                "is neither a text nor a list of texts",
                field="prompt",
                remedy="Send text; numbers of tokens cannot be inspected.",
            )
        return Asked(
            model=model_of(body),
            streamed=flag(body, "stream"),
            user=word(body.get("user")),
            most_tokens=whole(body, "max_tokens"),
            content=inspected(body, _STEERING),
        )

    def content_of(self, answer: Json) -> Json:
        """Give the texts of an answer."""
        return {"texts": [each.get("text") for each in _choices(answer)]}

    def with_content(self, answer: Json, content: Json) -> Json:
        """Put changed texts back; what tells words in another way goes."""
        choices = [
            {**(each if each.get("text") == text else {**each, "logprobs": None}), "text": text}
            for each, text in zip(_choices(answer), content["texts"], strict=True)
        ]
        return {**answer, "choices": choices}

    def tool_calls(self, _answer: Json) -> Sequence[ToolCall]:
        """List no tools; this dialect knows none."""
        return ()

    def usage(self, answer: Json) -> Usage:
        """Read how much was used."""
        return usage_of(answer.get("usage"), "prompt_tokens", "completion_tokens")

    def reader(self) -> CompletionsReader:
        """Begin to cut a stream into pieces."""
        return CompletionsReader()

    def error(self, stop: Stop, exchange: str) -> bytes:
        """Say why a call went no further."""
        return openai_error(stop, exchange)

    def error_event(self, stop: Stop, exchange: str) -> bytes:
        """Say it within a stream that has begun."""
        return sse({"error": openai_error_value(stop, exchange)})


@dataclass(slots=True)
class CompletionsReader:
    """Cuts chunks into the words of each choice."""

    model: str = ""
    usage: Usage = field(default_factory=Usage)
    ended: bool = False
    _open: set[int] = field(default_factory=set)

    def take(self, event: Event) -> list[Piece]:
        """Cut one chunk into pieces."""
        if event.data.strip() == "[DONE]":
            self.ended = True
            closing = [Piece(PieceKind.CLOSE, str(each)) for each in sorted(self._open)]
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
        pieces = []

        def write(said: str) -> bytes:
            return sse(_chunk(frame, index, said))

        if isinstance(choice.get("text"), str):
            self._open.add(index)
            pieces.append(Piece(PieceKind.TEXT, str(index), choice["text"], write=write))
        if choice.get("finish_reason") is not None:
            self._open.discard(index)
            pieces.append(Piece(PieceKind.CLOSE, str(index)))
            pieces.append(passed(_chunk(frame, index, "", choice["finish_reason"])))
        return pieces


def _choices(answer: Json) -> list[dict[str, Any]]:
    found = answer.get("choices")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _chunk(frame: Json, index: int, text: str, finish: object = None) -> dict[str, Any]:
    one = {"index": index, "text": text, "finish_reason": finish, "logprobs": None}
    return {**frame, "choices": [one]}
