"""Whoever speaks as OpenAI does: OpenAI itself, vLLM, Ollama, and many others."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import Any, Final, Self

from muniment.gateway.providers.sending import Head, Heads, Placed, Sending, head_of, send_as
from muniment.plugins.sockets import Answer

_USUAL: Final = "https://api.openai.com/v1"
_PASSED: Final = ("openai-organization", "openai-project", "openai-beta")


class OpenAiProvider:
    """Sends a request to a service that speaks OpenAI's protocol."""

    def __init__(self, document: Mapping[str, Any], outside: Sending) -> None:
        self._document, self._outside = document, outside
        self._heads = Heads()

    @classmethod
    def from_settings(cls, document: Mapping[str, Any], outside: Sending) -> Self:
        """Make one for a model as the registry describes it."""
        return cls(document, outside)

    def send(
        self, path: str, headers: Mapping[str, str], body: bytes
    ) -> Coroutine[Any, Any, Answer]:
        """Send one request and wait for the head of its answer."""
        place = self._outside.place(self._document, _USUAL)
        one, two, three = _PASSED
        given = headers.get
        key = place.base_url, place.secret, path, given(one), given(two), given(three)
        head = self._heads.get(key)
        if head is None:
            head = self._heads.learn(key, self._head(place, path, headers))
        return send_as(self._outside, head, body)

    def _head(self, place: Placed, path: str, headers: Mapping[str, str]) -> Head:
        told = {name: headers[name] for name in _PASSED if name in headers}
        if place.secret:
            told["authorization"] = f"Bearer {place.secret}"
        return head_of(self._outside, place.base_url + path, told)
