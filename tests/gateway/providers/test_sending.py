"""How requests leave: what can be sent again is told from what may have been done already."""

from __future__ import annotations

import asyncio
import socket
import threading

import pytest

from muniment.core.errors import UnavailableError
from muniment.gateway import Outside
from muniment.gateway.providers.sending import NotSentError, send
from muniment.settings import Settings


async def _ask(url: str) -> bytes:
    outside = Outside(Settings(), {})
    try:
        answer = await send(outside, url, {}, b"{}")
        return b"".join([piece async for piece in answer.body])
    finally:
        await outside.close()


def _once(reply: bytes) -> str:
    """Listen for one connection, answer with these bytes and hang up."""
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        with listening, listening.accept()[0] as connection:
            connection.recv(65_536)
            connection.sendall(reply)

    threading.Thread(target=answer, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}/v1"


def test_where_nobody_listens_nothing_was_sent() -> None:
    """It may be sent again, and the error names no address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NotSentError) as caught:
        asyncio.run(_ask(f"http://127.0.0.1:{port}/v1"))
    assert str(port) not in str(caught.value)


def test_a_broken_answer_is_no_answer() -> None:
    """A body that ends before its length is an error, and never taken for whole."""
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"
    with pytest.raises(UnavailableError, match="broke off") as caught:
        asyncio.run(_ask(_once(head)))
    assert not isinstance(caught.value, NotSentError)


def test_what_hangs_up_may_have_worked_on_it() -> None:
    """A connection that was taken and dropped is not safe to send again."""
    with pytest.raises(UnavailableError) as caught:
        asyncio.run(_ask(_once(b"")))
    assert not isinstance(caught.value, NotSentError)


def test_redirects_lead_nowhere() -> None:
    """A provider cannot send a call on to somewhere else."""
    head = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
    assert asyncio.run(_ask(_once(head))) == b""
