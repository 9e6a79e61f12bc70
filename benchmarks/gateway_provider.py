"""A provider in a process of its own, as quick as Python can: what it answers was made beforehand.

    python -m benchmarks.gateway_provider PORT [LOG [whole]]

It speaks chat completions, whole and as a paced stream. With LOG it notes, before it answers, the
digest of every request that reached it, or with `whole` the request itself, a line each; so nobody
can send something to it unnoticed.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import httptools
import uvloop

from benchmarks.gateway_words import answers

CHUNKS: Final = 50
_HEAD: Final = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
_STREAM: Final = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
)


@dataclass(slots=True)
class Provider:
    """What it answers, and where it notes what came."""

    log: int = -1
    keeps_whole: bool = False
    whole: list[bytes] = field(default_factory=list)
    chunks: list[list[bytes]] = field(default_factory=list)
    turn: int = 0

    def __post_init__(self) -> None:
        """Make the answers."""
        for text in answers():
            body = _body(text)
            self.whole.append(_HEAD % len(body) + body)
            self.chunks.append(_events(text))

    def note(self, raw: bytes) -> None:
        """Write down what came; a line is there whole or not."""
        if self.log >= 0:
            said = raw if self.keeps_whole else hashlib.sha256(raw).hexdigest().encode()
            os.write(self.log, said + b"\n")


class Speaking(asyncio.Protocol):
    """One connection."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._body = bytearray()
        self._telling: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = transport  # type: ignore[assignment]  # a stream's transport writes

    def connection_lost(self, _error: Exception | None) -> None:
        """Stop telling."""
        if self._telling is not None:
            self._telling.cancel()

    def data_received(self, data: bytes) -> None:
        """Read on."""
        self._parser.feed_data(data)

    def on_body(self, data: bytes) -> None:
        """Take a part of a request."""
        self._body += data

    def on_message_complete(self) -> None:
        """Answer a request that is whole."""
        raw, provider = bytes(self._body), self._provider
        self._body.clear()
        provider.note(raw)
        provider.turn = (provider.turn + 1) % len(provider.whole)
        if self._transport is None:
            return
        pace = _pace(raw)
        if pace is None:
            self._transport.write(provider.whole[provider.turn])
        else:
            told = self._tell(provider.chunks[provider.turn], pace)
            self._telling = asyncio.get_running_loop().create_task(told)

    async def _tell(self, chunks: Sequence[bytes], pace: float) -> None:
        if self._transport is None:
            return
        self._transport.write(_STREAM)
        for chunk in chunks:
            if pace:
                await asyncio.sleep(pace)
            self._transport.write(chunk)


def _pace(raw: bytes) -> float | None:
    """Say how long it waits between two pieces of a stream; nothing where none is wanted.

    A request says so in its `seed`, in milliseconds, which every gateway passes on.
    """
    if b'"stream":true' not in raw.replace(b" ", b""):
        return None
    return int(json.loads(raw).get("seed") or 0) / 1_000


def _body(text: str) -> bytes:
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "mock-1",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": text},
                    "finish_reason": "stop",
                }
            ],
            "usage": {"prompt_tokens": 250, "completion_tokens": 250, "total_tokens": 500},
        }
    ).encode()


def _events(text: str) -> list[bytes]:
    size = -(-len(text) // CHUNKS)
    parts = [text[at : at + size] for at in range(0, len(text), size)]
    events = [_event({"content": part}, "") for part in parts]
    return [*events, _event({}, "stop"), _chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n"]


def _event(delta: dict[str, str], finish: str) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish or None}
    told = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "mock-1"}
    return _chunk(b"data: " + json.dumps({**told, "choices": [choice]}).encode() + b"\n\n")


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


async def _serve(port: int, provider: Provider) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Speaking(provider), "127.0.0.1", port, reuse_address=True, backlog=2_048
    )
    print("ready", flush=True)
    await server.serve_forever()


def main(arguments: Sequence[str]) -> None:
    """Answer until killed."""
    log = -1
    if len(arguments) > 1:
        log = os.open(arguments[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    uvloop.run(_serve(int(arguments[0]), Provider(log, keeps_whole="whole" in arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
