"""Tests of the gate before MLflow's aliases; the store around it is tried on a real server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from muniment.client.mlflow import AliasRefusedError, read_settings, require_yes


class Gate(BaseHTTPRequestHandler):
    """Answers what its server was told to answer."""

    def do_POST(self) -> None:
        """Answer, if the key is right."""
        self.rfile.read(int(self.headers["content-length"]))
        right = self.headers["authorization"] == "Bearer mun_key"
        self.send_response(200 if right else 401)
        self.end_headers()
        self.wfile.write(self.server.answer)  # type: ignore[attr-defined]  # set by the test

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def gate() -> Iterator[HTTPServer]:
    """A server on this machine."""
    server = HTTPServer(("127.0.0.1", 0), Gate)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_only_a_clear_yes_is_a_yes(gate: HTTPServer) -> None:
    """A no, rubbish, another key and no answer at all leave the alias where it is."""
    here = f"http://127.0.0.1:{gate.server_address[1]}"
    settings = {"muniment": here, "key": "mun_key", "store": "sqlite://"}
    gate.answer = b'{"allowed": true}'  # type: ignore[attr-defined]  # read by the handler
    require_yes(settings, "score", "champion", "1")
    with pytest.raises(AliasRefusedError, match="401"):
        require_yes({**settings, "key": "other"}, "score", "champion", "1")
    no = {"allowed": False, "reason": "nobody agreed", "remedy": "Ask."}
    for answer in (json.dumps(no).encode(), b"[]", b"{", b'{"allowed": "yes"}', b""):
        gate.answer = answer  # type: ignore[attr-defined]  # read by the handler
        with pytest.raises(AliasRefusedError, match="stays"):
            require_yes(settings, "score", "champion", "1")
    with pytest.raises(AliasRefusedError, match="could not be asked"):
        require_yes({**settings, "muniment": "http://127.0.0.1:1"}, "score", "champion", "1")


def test_a_file_that_does_not_say_enough_stops_the_server(tmp_path: Path) -> None:
    """Missing, broken, half, or a plain address of elsewhere."""
    file = tmp_path / "gate.json"
    whole = {"muniment": "https://m.example.org", "key": "mun_key", "store": "sqlite://"}
    file.write_text(json.dumps(whole))
    assert read_settings(f"muniment:{file}") == whole
    for text in ("", "[]", '{"muniment": 7}', json.dumps({**whole, "muniment": "http://m.org"})):
        file.write_text(text)
        with pytest.raises(AliasRefusedError):
            read_settings(f"muniment:{file}")
    with pytest.raises(AliasRefusedError):
        read_settings(f"muniment:{tmp_path / 'none'}")
