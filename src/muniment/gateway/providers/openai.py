"""Whoever speaks as OpenAI does: OpenAI itself, vLLM, Ollama, and many others."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import Any, Final, Self

from muniment.gateway.providers.sending import Sending, send
from muniment.plugins.sockets import Answer

_USUAL: Final = "https://api.openai.com/v1"
_PASSED: Final = ("openai-organization", "openai-project", "openai-beta")


class OpenAiProvider:
    """Sends a request to a service that speaks OpenAI's protocol."""

    def __init__(self, document: Mapping[str, Any], outside: Sending) -> None:
        self._document, self._outside = document, outside

    @classmethod
    def from_settings(cls, document: Mapping[str, Any], outside: Sending) -> Self:
        """Make one for a model as the registry describes it."""
        return cls(document, outside)

    def send(
        self, path: str, headers: Mapping[str, str], body: bytes
    ) -> Coroutine[Any, Any, Answer]:
        """Send one request and wait for the head of its answer."""
        place = self._outside.place(self._document, _USUAL)
        told = {}
        for name in _PASSED:
            if name in headers:
                told[name] = headers[name]
        if place.secret:
            told["authorization"] = f"Bearer {place.secret}"
        return send(self._outside, place.base_url + path, told, body)
