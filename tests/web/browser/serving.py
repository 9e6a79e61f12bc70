"""The real application behind a real port of this machine, in this process."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Final, Literal

import uvicorn
from starlette.types import ASGIApp

START_TIMEOUT_S: Final = 60.0


@contextmanager
def serving(
    app: ASGIApp,
    host: str = "127.0.0.1",
    *,
    port: int = 0,
    lifespan: Literal["on", "off"] = "off",
    wire: type[asyncio.Protocol] | None = None,
) -> Iterator[str]:
    """Serve an application on a free port, or on one; give its address, and stop at the end.

    With a wire of one's own it is served as the product serves it.
    """
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    told = getattr(app, "state", None) or SimpleNamespace()
    told.is_leaving = False
    config = uvicorn.Config(app, log_level="warning", lifespan=lifespan)
    if wire is not None:
        config.http, config.proxy_headers = wire, False
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    waiting, waited_s = threading.Event(), 0.0
    while not server.started and waited_s < START_TIMEOUT_S:
        waiting.wait(0.02)
        waited_s += 0.02
    assert server.started, "it did not start"
    try:
        yield f"http://{host}:{listening.getsockname()[1]}"
    finally:
        told.is_leaving = server.should_exit = True
        thread.join(START_TIMEOUT_S)
        listening.close()
