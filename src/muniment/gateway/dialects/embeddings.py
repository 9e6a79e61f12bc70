"""OpenAI's embeddings: texts in, numbers out; the numbers are no words and travel as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from muniment.core.errors import InvalidError, UnavailableError
from muniment.gateway.dialects.base import (
    Json,
    Parts,
    Reader,
    inspected,
    model_of,
    parts_of,
    promised,
    word,
)
from muniment.gateway.dialects.telling import TellsAsOpenAi
from muniment.gateway.exchange import Asked, ToolCall

_STEERING: Final = frozenset({"model", "encoding_format", "dimensions", "user"})


@dataclass(frozen=True, slots=True)
class Embeddings(TellsAsOpenAi):
    """Embeddings of texts."""

    surface: str = "embeddings"
    protocol: str = "openai"
    path: str = "/embeddings"

    def read(self, body: Json) -> Asked:
        """Say what a request asks for."""
        given = body.get("input")
        texts = [given] if isinstance(given, str) else given
        if not isinstance(texts, list) or not texts:
            raise InvalidError("holds no text", field="input", remedy="Send text, or a list.")
        if not all(isinstance(each, str) for each in texts):
            raise InvalidError(
                "is not text", field="input", remedy="Numbers of tokens cannot be inspected."
            )
        return Asked(
            model=model_of(body),
            user=word(body.get("user")),
            content=inspected(body, _STEERING),
        )

    def content_of(self, answer: Json) -> Json:
        """Give nothing: an answer holds numbers, and no words."""
        promised(answer, "data")
        return {}

    def with_content(self, answer: Json, _content: Json) -> Json:
        """Give the answer as it came."""
        return answer

    def tool_calls(self, _answer: Json) -> Sequence[ToolCall]:
        """List no tools; this dialect knows none."""
        return ()

    def parts(self, answer: Json) -> Parts:
        """Give all that an answer is looked at for."""
        return parts_of(self, answer)

    def reader(self) -> Reader:
        """Refuse: there are no streams of embeddings."""
        raise UnavailableError("embeddings are not streamed", remedy="Leave stream out.")
