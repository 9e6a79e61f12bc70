"""Answers with words that were written beforehand, and says that it does: when no model can.

`say` of a model's version is what is said. It is a version like any other, so somebody approved it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Self

from muniment.core.errors import InvalidError
from muniment.gateway.providers.speaking import Saying, answer_for
from muniment.plugins.sockets import Answer

NAME: Final = "fixed-answer"
_SIGN: Final = "(This answer was prepared beforehand; no model wrote it.)"


class FixedProvider:
    """Says the same to everybody."""

    def __init__(self, words: str) -> None:
        self._words = words

    @classmethod
    def from_settings(cls, document: Mapping[str, Any], _outside: object) -> Self:
        """Make one from what a version says."""
        words = document.get("say")
        if not isinstance(words, str) or not words.strip():
            raise InvalidError(
                "a fixed answer needs its words", field="say", remedy="Write what is to be said."
            )
        return cls(words.strip())

    async def send(self, path: str, _headers: Mapping[str, str], body: bytes) -> Answer:
        """Say it, and that it is no model that speaks."""
        return answer_for(
            path, body, lambda _asked: Saying(f"{self._words}\n\n{_SIGN}", model=NAME)
        )
