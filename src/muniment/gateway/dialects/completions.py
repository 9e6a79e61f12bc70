"""OpenAI's older completions: a prompt in, texts out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from muniment.core.errors import InvalidError
from muniment.gateway.dialects.base import (
    Event,
    Json,
    Parts,
    Piece,
    PieceKind,
    answers_of,
    failed,
    flag,
    index_in,
    inspected,
    loose,
    model_of,
    parts_of,
    passed,
    promised,
    sse,
    whole,
    word,
)
from muniment.gateway.dialects.telling import TellsAsOpenAi, choices_of, used, without
from muniment.gateway.exchange import Asked, ToolCall, Usage

_STEERING: Final = frozenset(
    {
        *("model", "stream", "stream_options", "temperature", "top_p", "n", "seed", "logprobs"),
        *("max_tokens", "presence_penalty", "frequency_penalty", "logit_bias", "user", "best_of"),
        "echo",
    }
)
_FRAME: Final = frozenset(
    {"id", "object", "created", "model", "system_fingerprint", "service_tier", "usage"}
)
_CHOICE: Final = frozenset({"index", "text", "finish_reason", "logprobs"})


@dataclass(frozen=True, slots=True)
class Completions(TellsAsOpenAi):
    """Completions of a prompt."""

    surface: str = "completions"
    protocol: str = "openai"
    path: str = "/completions"

    def read(self, body: Json) -> Asked:
        """Say what a request asks for."""
        prompt = body.get("prompt")
        texts = [prompt] if isinstance(prompt, str) else prompt
        is_text = isinstance(texts, list) and all(isinstance(each, str) for each in texts)
        if not isinstance(texts, list) or not texts or not is_text:
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
            answers=answers_of(body, "n", "best_of") * len(texts),
            content=inspected(body, _STEERING),
        )

    def content_of(self, answer: Json) -> Json:
        """Give the texts of an answer, and every field that nobody here knows."""
        choices = promised(answer, "choices")
        if not choices:
            promised({}, "choices")
        return {
            "texts": [each.get("text") for each in choices],
            "choices": [without(each, _CHOICE) for each in choices],
            "answer": without(answer, _FRAME | {"choices"}),
        }

    def with_content(self, answer: Json, content: Json) -> Json:
        """Put changed texts back; what tells words in another way goes."""
        given = zip(answer["choices"], content["texts"], content["choices"], strict=True)
        choices = [
            {
                **(each if each.get("text") == text else {**each, "logprobs": None}),
                **more,
                "text": text,
            }
            for each, text, more in given
        ]
        return {**answer, **content["answer"], "choices": choices}

    def tool_calls(self, _answer: Json) -> Sequence[ToolCall]:
        """List no tools; this dialect knows none."""
        return ()

    def parts(self, answer: Json) -> Parts:
        """Give all that an answer is looked at for."""
        return parts_of(self, answer)

    def reader(self) -> CompletionsReader:
        """Begin to cut a stream into pieces."""
        return CompletionsReader()


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
        if chunk.get("error"):
            return [failed(chunk["error"])]
        self.model = word(chunk.get("model")) or self.model
        if chunk.get("usage"):
            self.usage = used(chunk["usage"])
        choices = choices_of(chunk)
        frame = {name: value for name, value in chunk.items() if name in _FRAME}
        pieces = [piece for choice in choices for piece in self._choice(frame, choice)]
        known = (*_FRAME, "choices", "obfuscation")
        more = {
            name: each for name, each in chunk.items() if name not in known and each is not None
        }
        if not choices and not more:
            return [passed({**frame, "choices": []})]
        return [*pieces, *loose(more, lambda safe: sse({**frame, **safe, "choices": []}))]

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
            why = word(choice["finish_reason"]) or "stop"
            pieces.append(passed(_chunk(frame, index, "", why)))
        return pieces


def _chunk(frame: Json, index: int, text: str, finish: object = None) -> dict[str, Any]:
    one = {"index": index, "text": text, "finish_reason": finish, "logprobs": None}
    return {**frame, "choices": [one]}
