"""Serves an application to a browser, on this machine only."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

START_TIMEOUT_S: Final = 20.0


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free port; give its origin."""
    listening = socket.socket()
    listening.bind(("localhost", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    waiting, waited_s = threading.Event(), 0.0
    while not server.started and waited_s < START_TIMEOUT_S:
        waiting.wait(0.05)
        waited_s += 0.05
    assert server.started, "the console did not start"
    yield f"http://localhost:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(START_TIMEOUT_S)
    listening.close()
