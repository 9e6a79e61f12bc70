"""How requests leave: what can be sent again is told from what may have been done already."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from muniment.core.errors import UnavailableError
from muniment.gateway import Outside
from muniment.gateway.providers.anthropic import AnthropicProvider
from muniment.gateway.providers.openai import OpenAiProvider
from muniment.gateway.providers.sending import NotSentError, send
from muniment.settings import Settings
from muniment.settings import load as settings_of


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


@pytest.mark.parametrize(
    ("make", "shown", "passed"),
    [
        (OpenAiProvider, "authorization", "openai-project"),
        (AnthropicProvider, "x-api-key", "anthropic-beta"),
    ],
)
def test_a_head_is_its_own_however_many_came_before(make: Any, shown: str, passed: str) -> None:
    """Where a secret, a path or a header that goes on changes, the next request has the new one."""
    came: list[tuple[str, str, str]] = []

    class Listening(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = self.headers
            came.append((self.path, told[shown].removeprefix("Bearer "), told.get(passed, "")))
            self.rfile.read(int(told["content-length"]))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_told: object) -> None:
            """Say nothing."""

    secrets = {"TEST_KEY": ""}
    allowed = {"gateway.credentials": ("TEST_KEY@127.0.0.1",)}
    outside = Outside(settings_of(environment={}, overrides=allowed).settings, secrets)
    steps: list[tuple[str, str, Mapping[str, str]]] = [
        ("/a", "secret-one", {}),
        ("/a", "secret-one", {passed: "p"}),
        ("/a", "secret-two", {passed: "p"}),
        ("/b", "secret-two", {passed: "p", "cookie": "x"}),
        ("/a", "secret-one", {}),
        *(("/a", "secret-one", {passed: str(number)}) for number in range(70)),
        ("/a", "secret-one", {passed: "p"}),
    ]

    async def send_all(provider: Any) -> None:
        for path, secret, headers in steps:
            secrets["TEST_KEY"] = secret
            answer = await provider.send(path, headers, b"{}")
            assert answer.status == 200
        said = f"{vars(provider)}"
        assert "secret-" not in said
        await outside.close()

    with HTTPServer(("127.0.0.1", 0), Listening) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/v1"
        document = {"base_url": address, "credential": "env:TEST_KEY"}
        asyncio.run(send_all(make.from_settings(document, outside)))
        server.shutdown()
        thread.join()
    wanted = [(f"/v1{path}", secret, told.get(passed, "")) for path, secret, told in steps]
    assert came == wanted
