"""Through a proxy requests leave as they do without one, and what goes wrong has the same words."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping

import pytest

from muniment.core.errors import UnavailableError
from muniment.gateway import Outside
from muniment.gateway.providers.proxied import send_through
from muniment.gateway.providers.sending import send
from muniment.plugins.sockets import Answer
from muniment.settings import Settings, load
from tests.gateway.outgoing.talking import OK, Doing, fixed, says, talking

Sent = Callable[[Outside, str, Mapping[str, str], bytes], Awaitable[Answer]]
CHUNKED = OK + b"transfer-encoding: chunked\r\n"


def told(way: Sent, url: str, settings: Settings | None = None) -> object:
    """Send one request this way, and say all that a caller learns of it."""

    async def ask() -> object:
        outside = Outside(settings or Settings(), {})
        try:
            answer = await way(outside, url, {"authorization": "Bearer x"}, b"{}")
            body = b"".join([piece async for piece in answer.body])
        except UnavailableError as error:
            return type(error).__name__, error.message, error.reasons, error.remedy
        else:
            return answer.status, dict(answer.headers), body
        finally:
            await outside.close()

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "does",
    [
        says(fixed(b"{}", b"Content-Type: application/json", b"x-request-id: r-1", b"x-b: c")),
        says(b"HTTP/1.1 429 Too Many\r\nretry-after: 3\r\ncontent-length: 0\r\n\r\n"),
        says(CHUNKED + b"\r\n3\r\nabc\r\n0\r\n\r\n"),
        says(OK + b"\r\nto the end", hangs_up=True),
        says(b"HTTP/1.1 204 No Content\r\n\r\n"),
        says(b"HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n"),
        says(b"HTTP/1.1 100 Continue\r\n\r\n", fixed(b"after")),
        says(OK + b"content-length: 9\r\n\r\nhalf", hangs_up=True),
        says(CHUNKED + b"\r\n3\r\nabc\r\n", hangs_up=True),
        says(b"", hangs_up=True),
        says(b"SSH-2.0-OpenSSH_9.2\r\n", hangs_up=True),
    ],
)
def test_both_ways_tell_the_same(does: Doing) -> None:
    """Status, headers, body, and every error with its reason: a record does not say which way."""
    with talking(does) as there:
        assert told(send, there.url) == told(send_through, there.url)
        assert len(there.heard) == 2


def test_nobody_there_is_told_the_same() -> None:
    """Nothing was sent, so it may be sent again."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}/", "https://no-such-host.invalid/"):
        direct = told(send, url)
        assert direct == told(send_through, url)
        assert isinstance(direct, tuple)
        assert direct[0] == "NotSentError"


def test_a_proxy_is_gone_through_where_one_is_set() -> None:
    """The proxy is asked for the whole address, and nobody else is spoken to."""
    heard: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def stand_between() -> None:
        with listening, listening.accept()[0] as line:
            heard.append(line.recv(65_536))
            line.sendall(fixed(b"through"))
            line.recv(100)

    thread = threading.Thread(target=stand_between)
    thread.start()
    proxy = f"http://127.0.0.1:{listening.getsockname()[1]}"
    settings = load(environment={}, overrides={"network.proxy_url": proxy}).settings
    found = told(send, "http://models.invalid/v1/x", settings)
    thread.join(20)
    assert found == (200, {}, b"through")
    assert heard[0].startswith(b"POST http://models.invalid/v1/x HTTP/1.1\r\n")
