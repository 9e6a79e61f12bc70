"""What the interfaces of OpenAI tell in one way: errors, how much was used, and choices."""

from __future__ import annotations

from typing import Any

from muniment.gateway.dialects.base import (
    Json,
    openai_error,
    openai_error_value,
    sse,
    usage_of,
)
from muniment.gateway.exchange import Stop, Usage


class TellsAsOpenAi:
    """Tells errors and usage as OpenAI's clients read them."""

    __slots__ = ()

    def usage(self, answer: Json) -> Usage:
        """Read how much was used."""
        return usage_of(answer.get("usage"), "prompt_tokens", "completion_tokens")

    def error(self, stop: Stop, exchange: str) -> bytes:
        """Say why a call went no further."""
        return openai_error(stop, exchange)

    def error_event(self, stop: Stop, exchange: str) -> bytes:
        """Say it within a stream that has begun."""
        return sse({"error": openai_error_value(stop, exchange)})


def used(found: object) -> Usage:
    """Read how much was used, as all of them but the responses name it."""
    return usage_of(found, "prompt_tokens", "completion_tokens")


def choices_of(answer: Json) -> list[dict[str, Any]]:
    """List the choices of an answer or of a chunk; what is none is left."""
    found = answer.get("choices")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def without(value: Json, names: frozenset[str]) -> dict[str, Any]:
    """Leave fields out."""
    return {name: each for name, each in value.items() if name not in names}
