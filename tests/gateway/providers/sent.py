"""Sends one request through a provider to a server of this machine, and gives what arrived."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, cast

from muniment.gateway import Outside
from muniment.plugins import build, load
from muniment.plugins.sockets import Provider
from muniment.settings import load as settings_of


def sent(
    document: Mapping[str, Any], path: str, headers: Mapping[str, str], body: bytes = b"{}"
) -> dict[str, Any]:
    """Send it to a server that listens for one request."""
    found: dict[str, Any] = {}

    class Listening(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            told = {name.lower(): value for name, value in self.headers.items()}
            found.update(path=self.path, headers=told, body=json.loads(raw))
            self.send_response(200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_told: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Listening) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/v1"
        asyncio.run(_send({**document, "base_url": address}, path, headers, body))
        thread.join()
    return found


async def _send(
    document: Mapping[str, Any], path: str, headers: Mapping[str, str], body: bytes
) -> None:
    overrides = {"gateway.credentials": ("TEST_KEY@127.0.0.1",)}
    loaded = settings_of(environment={"TEST_KEY": "upstream-secret"}, overrides=overrides)
    outside = Outside(loaded.settings, loaded.credentials)
    plugin = load("muniment.providers", str(document["provider"]), allow=("muniment",))
    provider = cast("Provider", build(plugin, document, outside))
    answer = await provider.send(path, headers, body)
    assert [piece async for piece in answer.body] == [b"{}"]
    await outside.close()
