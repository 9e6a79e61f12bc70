"""What surrounds a call of a model: the same as surrounds every request, in one step.

Such a call has its own edge, which knows its callers, so what is left is the request's id, its
count and its line in the log, and the headers of the answer. Whatever is unusual about a request
(a strange host, a body of unknown length) takes the long way, where it is judged and told.
"""

from __future__ import annotations

import logging
from typing import Any, Final

from starlette.routing import Mount

from muniment.core.clock import Clock
from muniment.core.ids import IdMaker
from muniment.server.metrics import Metrics
from muniment.server.middleware import (
    App,
    Message,
    Receive,
    Scope,
    Send,
    given_id,
    names_of,
    security_headers,
)
from muniment.settings import Settings

_log = logging.getLogger("muniment.server")
_PREFIX: Final = "/v1/"
_MOST_DIGITS: Final = 12
_Headers = list[tuple[bytes, bytes]]


class Quick:
    """Gives calls of models straight to their edge, and everything else to the long way."""

    def __init__(
        self,
        edge: App,
        long_way: App,
        *,
        settings: Settings,
        ids: IdMaker,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._edge, self._long_way = edge, long_way
        self._ids, self._clock, self._metrics = ids, clock, metrics
        self._names = names_of(settings)
        self._most = settings.gateway.max_body_bytes
        self._dress = security_headers(settings)
        self._mount = Mount("/v1", edge)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, one way or the other."""
        if scope["type"] != "http" or not self._is_plain(scope):
            await self._long_way(scope, receive, send)
            return
        request_id = given_id(scope) or self._ids.new("req")
        scope["state"] = {**scope.get("state", {}), "request_id": request_id}
        scope["route"] = self._mount
        started, status = self._clock.monotonic(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._dressed(message["headers"], request_id)
            await send(message)

        try:
            await self._edge(scope, receive, sending)
        finally:
            self._told(scope, request_id, status, self._clock.monotonic() - started)

    def _is_plain(self, scope: Scope) -> bool:
        """Tell whether a request is one of the usual kind to a model, of a known length."""
        if not scope["path"].startswith(_PREFIX) or scope.get("root_path"):
            return False
        found: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name in found:
                return False
            found[name] = value
        length = found.get(b"content-length", b"")
        if b"transfer-encoding" in found or not (length.isdigit() and len(length) <= _MOST_DIGITS):
            return False
        host = found.get(b"host", b"").decode("latin-1").lower()
        known = self._names is None or host.rpartition(":")[0] in self._names or host in self._names
        return known and int(length) <= self._most

    def _dressed(self, given: Any, request_id: str) -> _Headers:  # noqa: ANN401 pairs of headers
        names = {name for name, _ in given}
        more = [pair for pair in self._dress if pair[0] not in names]
        return [*given, *more, (b"x-request-id", request_id.encode())]

    def _told(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        self._metrics.request(scope["method"], "/v1", status, seconds)
        if _log.isEnabledFor(logging.INFO):
            _log.info(
                "request",
                extra={
                    "request": request_id,
                    "method": scope["method"],
                    "path": "/v1",
                    "status": status,
                    "duration_ms": round(seconds * 1000, 2),
                },
            )
