"""A provider on a real port of this machine, that answers whatever a test wants, and remembers."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

JSON = {"content-type": "application/json"}
EVENTS = {"content-type": "text/event-stream"}
STARTS_WITHIN_S = 30.0


@dataclass(frozen=True)
class Sent:
    """What reached the provider."""

    path: str
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        """Read it as JSON."""
        read: dict[str, Any] = json.loads(self.raw)
        return read


@dataclass(frozen=True)
class Reply:
    """What the provider answers: pieces one by one; it may drop the connection after them."""

    pieces: Sequence[bytes] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)
    drops: bool = False
    waits_s: float = 0.0

    @classmethod
    def of(cls, value: object, status: int = 200, **headers: str) -> Reply:
        """Answer with JSON."""
        return cls((json.dumps(value).encode(),), status, {**JSON, **headers})

    @classmethod
    def events(cls, *values: object, done: bool = True, drops: bool = False) -> Reply:
        """Answer with a stream of chunks as OpenAI's."""
        said = [b"data: " + json.dumps(each).encode() + b"\n\n" for each in values]
        return cls((*said, *([b"data: [DONE]\n\n"] if done else [])), headers=EVENTS, drops=drops)


@dataclass
class Double:
    """The provider: where it is, what it was sent, and what it says to the next request."""

    origin: str = ""
    seen: list[Sent] = field(default_factory=list)
    say: Callable[[Sent], Reply] = field(default=lambda _sent: Reply.of({}))

    def says(self, *replies: Reply) -> None:
        """Answer the next requests so, one after the other, and the last one ever after."""
        self.seen.clear()
        left = list(replies)
        self.say = lambda _sent: left.pop(0) if len(left) > 1 else left[0]

    def part(self, **more: object) -> dict[str, Any]:
        """Describe a model that lives here."""
        return {"provider": "openai", "model": "double-1", "base_url": self.origin, **more}


@contextmanager
def double() -> Iterator[Double]:
    """Run a provider on a free port in a thread of its own."""
    made, loop, started = Double(), asyncio.new_event_loop(), threading.Event()
    runner = web.AppRunner(_app(made), shutdown_timeout=0.1)

    async def begin() -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        made.origin = f"http://{host}:{port}"
        started.set()

    def turn() -> None:
        loop.run_until_complete(begin())
        loop.run_forever()

    thread = threading.Thread(target=turn, daemon=True)
    thread.start()
    assert started.wait(STARTS_WITHIN_S), "it did not start"
    try:
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(STARTS_WITHIN_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(STARTS_WITHIN_S)
        loop.close()


def _app(made: Double) -> web.Application:
    async def answer(request: web.Request) -> web.StreamResponse:
        sent = Sent(request.path, dict(request.headers), await request.read())
        made.seen.append(sent)
        reply = made.say(sent)
        if reply.waits_s:
            await asyncio.sleep(reply.waits_s)
        response = web.StreamResponse(status=reply.status, headers=reply.headers)
        if reply.drops:
            response.enable_chunked_encoding()
        await response.prepare(request)
        for piece in reply.pieces:
            await response.write(piece)
        if reply.drops and request.transport is not None:
            request.transport.abort()
            return response
        await response.write_eof()
        return response

    app = web.Application(client_max_size=1 << 30)
    app.router.add_route("*", "/{tail:.*}", answer)
    return app


def chat(content: object = "Good day.", **more: object) -> dict[str, Any]:
    """Say an answer of a chat."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8}
    told = {"id": "c-1", "object": "chat.completion", "model": "double-1.1", "created": 1}
    return {**told, "choices": [choice], "usage": usage, **more}


def chunk(delta: Mapping[str, Any], finish: str | None = None, **more: object) -> dict[str, Any]:
    """Say a chunk of a chat that streams."""
    choice = {"index": 0, "delta": dict(delta), "finish_reason": finish}
    told = {"id": "c-1", "object": "chat.completion.chunk", "model": "double-1.1", "created": 1}
    return {**told, "choices": [choice], **more}
