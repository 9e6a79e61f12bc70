"""The gateway's own edge: bare ASGI, or a connection of our own, between socket and corridor.

It reads a bounded request, knows its surfaces and no others, and writes what the corridor gives, in
the caller's dialect. What is not a surface is refused, never passed through.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, MutableMapping
from contextlib import aclosing
from types import MappingProxyType
from typing import Any, Final

from anyio import to_thread

from muniment.core.errors import MunimentError
from muniment.db import wait_for_keeper
from muniment.gateway.answering import begin_streams
from muniment.gateway.dialects import BY_PATH, Dialect
from muniment.gateway.dialects.base import openai_error, write_json
from muniment.gateway.exchange import Call, Headers, Received, Stop
from muniment.gateway.line import AsgiLine, Line
from muniment.gateway.listing import models_for
from muniment.gateway.means import Means
from muniment.gateway.pace import Coming, Pace, busy
from muniment.gateway.pipeline import run
from muniment.gateway.shadowing import Shadows
from muniment.gateway.streaming import Guard
from muniment.gateway.telling import Told, told_of
from muniment.gateway.words import words_of

Scope = MutableMapping[str, Any]
_TAKEN: Final = {
    name.encode(): name
    for name in (
        *("authorization", "x-api-key", "x-muniment-system", "x-muniment-environment"),
        *("x-muniment-subject", "x-muniment-subject-token", "x-muniment-region"),
        *(
            "x-muniment-data-classes",
            "x-muniment-approval",
            "anthropic-version",
            "anthropic-beta",
            "openai-organization",
        ),
        *("openai-project", "openai-beta", "idempotency-key", "content-type"),
    )
}
_ONCE: Final = frozenset({b"authorization", b"x-api-key", b"content-length", b"host"})
_MODELS: Final = "/v1/models"
_BUSY_SECONDS: Final = 1
_FEW: Final = 8
_NOTHING: Final = Told.of(())
_NO_BODY: Final[Mapping[str, Any]] = MappingProxyType({})
_SOME_EXCHANGE: Final = "exc_" + 26 * "x"


class Gateway:
    """The application that is mounted at /v1."""

    def __init__(self, open_means: Callable[[], Means]) -> None:
        self._open = open_means
        self._means: Means | None = None
        self._shadows = Shadows()
        self._pace: Pace | None = None
        self._busy: dict[str, tuple[list[bytes], Told]] = {}

    @property
    def means(self) -> Means:
        """Give what the stages use; it is opened with the first call."""
        if self._means is None:
            self._means = self._open()
        return self._means

    async def close(self) -> None:
        """Give connections back and write what waits, when the process ends."""
        if self._pace is not None:
            self._pace.stop()
        if self._means is not None:
            self._means.vigil.stop()
            await self._shadows.finish()
            await self._means.providers.outside.close()
            await to_thread.run_sync(wait_for_keeper)
            grace = float(self._means.settings.server.grace_seconds)
            await to_thread.run_sync(lambda: self.means.writer.stop(grace_seconds=grace))

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:  # noqa: ANN401 ASGI
        """Answer one request that a server hands over."""
        if scope["type"] != "http":
            return
        path = str(scope.get("path", "")).rstrip("/") or "/"
        exchange, line = self.means.ids.new("exc"), AsgiLine(receive, send)
        dialect = BY_PATH.get(path)
        stop = self._refused(scope, path, dialect)
        if stop is not None:
            await _error(line, stop, exchange, dialect)
            return
        client = scope.get("client")
        given = dict(scope["headers"]), str(client[0]) if client else ""
        if dialect is None:
            await self._models(self._received("models", exchange, *given, b""), line, path)
            return
        if self._is_full(self.means):
            await _error(line, busy(), exchange, dialect)
            return
        self.means.running += 1
        try:
            raw = await self._body(receive)
        finally:
            self.means.running -= 1
        if isinstance(raw, Stop):
            await _error(line, raw, exchange, dialect)
        elif raw is not None and self.means.queue.is_full():  # while its body came
            await _error(line, busy(), exchange, dialect)
        elif raw is not None:
            received = self._received(dialect.surface, exchange, *given, raw)
            self.means.running += 1
            self.means.queue.enter(exchange)
            await self._call(received, self.means, line, dialect)

    def answer(
        self,
        dialect: Dialect,
        headers: Mapping[str, str],
        address: str,
        raw: bytes | None,
        line: Line,
    ) -> Coroutine[Any, Any, None]:
        """Answer a call that a connection of ours has read; one whose body came late has none.

        Of its headers those are given that are `taken`. It waits from now on, so that who comes
        behind it is told if that is too many; whether there is room for it was asked before.
        """
        means = self._means or self.means
        exchange = means.ids.new("exc")
        if raw is None:
            return _error(line, _late(), exchange, dialect)
        began = means.database.clock.monotonic()
        received = Received(exchange, dialect.surface, headers, address, raw, _NO_BODY, began)
        means.running += 1
        means.queue.enter(exchange, began)
        return self._call(received, means, line, dialect)

    def turned_away(self, dialect: Dialect, coming: Coming) -> tuple[bytes, Told, str] | None:
        """Give what a caller is told where one more call would only make all of them late.

        It is said without a step that waits: of many who come at once, most are told this.
        """
        means = self._means or self.means
        if not self._is_full(means, coming):
            return None
        said = self._busy.get(dialect.surface)
        if said is None:
            stop = busy()
            parts = dialect.error(stop, _SOME_EXCHANGE).split(_SOME_EXCHANGE.encode())
            said = self._busy[dialect.surface] = (parts, _told_of(stop))
        exchange = means.ids.new("exc")
        return exchange.encode().join(said[0]), said[1], exchange

    def _is_full(self, means: Means, coming: Coming | None = None) -> bool:
        """Tell whether one more call would only make all of them late, or came too long ago."""
        pace = self._pace
        if pace is None:
            self._pace = pace = Pace(asyncio.get_running_loop(), means.database.clock.monotonic)
        pace.has_calls = True
        if pace.rests:
            pace.begin()
        running = means.running
        if running >= means.settings.gateway.max_running or means.queue.is_full():
            return True
        # With few calls under way it is something else that takes long, such as a start.
        return running >= _FEW and pace.is_behind(coming)

    def _refused(self, scope: Scope, path: str, dialect: Dialect | None) -> Stop | None:
        is_model = path == _MODELS or path.startswith(_MODELS + "/")
        if dialect is None and not is_model:
            known = ", ".join(sorted((*BY_PATH, _MODELS)))
            return Stop(404, "unknown_path", f"nothing answers at {path[:100]}", remedy=known)
        wanted = "GET" if dialect is None else "POST"
        if scope["method"] != wanted:
            return Stop(405, "method", f"this takes {wanted}", remedy=f"Send it as {wanted}.")
        once = [name for name, _ in scope["headers"] if name in _ONCE]
        if len(once) != len(set(once)):
            twice = next(name for name in once if once.count(name) > 1).decode()
            return Stop(400, "invalid", f"the header {twice} came twice", remedy="Send it once.")
        return None

    async def _call(self, received: Received, means: Means, line: Line, dialect: Dialect) -> None:
        """Lead a call that was counted through the corridor, and give its answer."""
        exchange = received.exchange
        try:
            result = await run(Call(received), means)
            if isinstance(result, Stop):
                await _error(line, result, exchange, dialect)
                return
            answered = result.answer
            if answered is None:
                return
            if answered.stream is not None:
                await self._stream(result, line)
                return
            body = answered.written or write_json(answered.body)
            said = body, answered.told or told_of(result), exchange
            if not line.reply_at_once(200, *said):
                await line.reply(200, *said)
            begin_streams(result, answered.route, means)
            if result.shadow is not None:
                self._compared(result, words_of(answered.body))
        finally:
            means.running -= 1
            means.queue.passes(exchange)

    async def _body(self, receive: Any) -> bytes | Stop | None:  # noqa: ANN401 ASGI
        try:
            async with asyncio.timeout(self.means.settings.gateway.request_seconds):
                return await self._whole(receive)
        except TimeoutError:
            return _late()

    async def _whole(self, receive: Any) -> bytes | Stop | None:  # noqa: ANN401 ASGI
        most = self.means.settings.gateway.max_body_bytes
        raw = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            raw += message.get("body", b"")
            if len(raw) > most:
                says = f"a request to a model may carry {most} bytes at most"
                return Stop(413, "too_large", says, field="body", remedy="Send less.")
            if not message.get("more_body"):
                return bytes(raw)

    def _received(
        self,
        surface: str,
        exchange: str,
        headers: Mapping[bytes, bytes],
        address: str,
        raw: bytes,
    ) -> Received:
        return Received(
            exchange=exchange,
            surface=surface,
            headers=taken(headers),
            address=address,
            raw=raw,
            began=self.means.database.clock.monotonic(),
        )

    async def _stream(self, call: Call, line: Line) -> None:
        if call.answer is None:
            return
        guard = Guard(call, self.means, call.answer)
        await line.begin(told_of(call), call.received.exchange)
        async with line.watched(), aclosing(guard.run(line.at_once)) as chunks:
            async for chunk in chunks:
                await line.write(chunk)
            await line.end(guard.last)
        if guard.is_whole:
            self._compared(call, guard.words())

    def _compared(self, call: Call, served: str) -> None:
        """Begin to compare with another route, now that the caller has what they asked for."""
        if call.shadow is not None:
            spent = self.means.database.clock.monotonic() - call.received.began
            self._shadows.begin(call, self.means, served, round(spent * 1000))

    async def _models(self, received: Received, line: Line, path: str) -> None:
        exchange = received.exchange
        try:
            found = await to_thread.run_sync(
                models_for, received, self.means, limiter=self.means.threads
            )
        except MunimentError as error:
            status = {"unauthenticated": 401, "not_found": 404, "invalid": 400}.get(error.code, 403)
            await _error(line, Stop.of(error, status), exchange, None)
            return
        wanted = path.removeprefix(_MODELS).strip("/")
        one = [each for each in found if each["id"] == wanted]
        if wanted and not one:
            remedy = f"One of: {', '.join(str(each['id']) for each in found)}."
            stop = Stop(404, "not_found", f"{wanted[:60]!r} is no model here", "model", remedy)
            await _error(line, stop, exchange, None)
            return
        listed = {"object": "list", "data": found, "has_more": False}
        await line.reply(200, write_json(one[0] if wanted else listed), _NOTHING, exchange)


def taken(headers: Mapping[bytes, bytes]) -> Mapping[str, str]:
    """Take the headers that count; of the others nothing goes anywhere."""
    known = {
        _TAKEN[name]: value.decode("latin-1") for name, value in headers.items() if name in _TAKEN
    }
    return Headers(known)


def _late() -> Stop:
    says = "the request did not arrive in time"
    return Stop(408, "too_slow", says, field="body", remedy="Send it at once.", retry=True)


async def _error(line: Line, stop: Stop, exchange: str, dialect: Dialect | None) -> None:
    body = openai_error(stop, exchange) if dialect is None else dialect.error(stop, exchange)
    await line.reply(stop.status, body, _told_of(stop), exchange)


def _told_of(stop: Stop) -> Told:
    more = [(b"x-should-retry", b"true" if stop.retry else b"false")]
    again = stop.retry_after or (_BUSY_SECONDS if stop.status == 503 and stop.retry else 0)
    if again:
        more.append((b"retry-after", str(again).encode()))
    if stop.approval:
        more.append((b"x-muniment-approval", stop.approval.encode()))
    if stop.status == 401:
        more.append((b"www-authenticate", b'Bearer realm="muniment"'))
    return Told.of(more)
