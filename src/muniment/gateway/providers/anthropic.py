"""Anthropic, and whoever speaks as it does."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import Any, Final, Self

from muniment.gateway.providers.sending import Sending, send
from muniment.plugins.sockets import Answer

_USUAL: Final = "https://api.anthropic.com/v1"
_VERSION: Final = "2023-06-01"
_PASSED: Final = ("anthropic-beta", "anthropic-version")


class AnthropicProvider:
    """Sends a request to a service that speaks Anthropic's protocol."""

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
        told.setdefault("anthropic-version", _VERSION)
        if place.secret:
            told["x-api-key"] = place.secret
        return send(self._outside, place.base_url + path, told, body)
