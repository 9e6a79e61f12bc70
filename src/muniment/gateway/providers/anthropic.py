"""Anthropic, and whoever speaks as it does."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import Any, Final, Self

from muniment.gateway.providers.sending import Head, Heads, Placed, Sending, head_of, send_as
from muniment.plugins.sockets import Answer

_USUAL: Final = "https://api.anthropic.com/v1"
_VERSION: Final = "2023-06-01"
_PASSED: Final = ("anthropic-beta", "anthropic-version")


class AnthropicProvider:
    """Sends a request to a service that speaks Anthropic's protocol."""

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
        one, two = _PASSED
        key = place.base_url, place.secret, path, headers.get(one), headers.get(two)
        head = self._heads.get(key)
        if head is None:
            head = self._heads.learn(key, self._head(place, path, headers))
        return send_as(self._outside, head, body)

    def _head(self, place: Placed, path: str, headers: Mapping[str, str]) -> Head:
        told = {name: headers[name] for name in _PASSED if name in headers}
        told.setdefault("anthropic-version", _VERSION)
        if place.secret:
            told["x-api-key"] = place.secret
        return head_of(self._outside, place.base_url + path, told)
