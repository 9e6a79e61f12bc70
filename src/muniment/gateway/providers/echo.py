"""Says back what it was told, in every interface; so the product works without any account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from muniment.gateway.providers.speaking import Saying, answer_for, last_words
from muniment.plugins.sockets import Answer


class EchoProvider:
    """Answers with the caller's last words."""

    @classmethod
    def from_settings(cls, _document: Mapping[str, Any], _outside: object) -> Self:
        """Make one; it needs nothing."""
        return cls()

    async def send(self, path: str, _headers: Mapping[str, str], body: bytes) -> Answer:
        """Say it back."""
        return answer_for(path, body, lambda asked: Saying(last_words(asked)))
