"""A scripted model: a server on this machine that answers as OpenAI's chat completions do."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[[str], str | None]


@contextmanager
def scripted_model(script: Script, *, reported: str = "scripted-1") -> Iterator[str]:
    """Serve answers from a script, which gives none where the model shall fail; give the address.

    The script is given the last message of each question.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(script, reported))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(script: Script, reported: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("content-length", "0"))
            asked = json.loads(self.rfile.read(size))
            text = script(asked["messages"][-1]["content"])
            if self.path != "/v1/chat/completions" or text is None:
                self._say(500, {"error": {"message": "scripted to fail"}})
                return
            message = {"role": "assistant", "content": text}
            self._say(200, {"model": reported, "choices": [{"index": 0, "message": message}]})

        def log_message(self, *_given: object) -> None:
            """Say nothing."""

        def _say(self, status: int, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
