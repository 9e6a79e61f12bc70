"""The first hour: start, look, stop, start again, crash, start again."""

from __future__ import annotations

import json
import signal
import sqlite3
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.server.running import Running, command, started

pytestmark = pytest.mark.slow


def read(server: Running, path: str) -> dict[str, object]:
    """Ask the server for JSON."""
    with urllib.request.urlopen(f"{server.address}{path}", timeout=30) as answer:
        told: dict[str, object] = json.loads(answer.read())
        return told


def integrity(data: Path) -> str:
    """Ask SQLite whether its file is whole."""
    connection = sqlite3.connect(data / "muniment.db")
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_twice(tmp_path: Path, number: int) -> None:
    """`muniment up` makes everything, is ready, stops well, and finds all again."""
    data = tmp_path / "unsere Daten 名"
    for turn in range(2):
        with started("up", "--data", str(data), "--port", "0") as server:
            assert read(server, "/ready")["status"] == "ready"
            assert read(server, "/health")["status"] == "ok"
            page = urllib.request.urlopen(f"{server.address}/").read()
            assert b"<html" in page
            assert server.stop(number) == 0
        said = "".join(server.said)
        assert ("Database ready" in said) == (turn == 0)
        assert "Ctrl-C stops it" in said
        assert "Stopped; everything acknowledged is on disk." in said
        assert "Traceback" not in said
    assert command("serve", "--data", str(tmp_path / "other")).returncode == 8


def test_killed_then_up_again(tmp_path: Path) -> None:
    """After kill -9 the data is whole and the next start is ready."""
    data = tmp_path / "data"
    with started("up", "--data", str(data), "--port", "0") as server:
        read(server, "/health")
        assert server.stop(signal.SIGKILL) == -signal.SIGKILL
    assert integrity(data) == "ok"
    with started("serve", "--data", str(data), "--port", "0") as server:
        assert read(server, "/ready")["status"] == "ready"
        assert server.stop() == 0


def test_two_at_once_on_one_folder(tmp_path: Path) -> None:
    """Of two servers begun together on a new folder both work, or one says in a line why not."""
    data = str(tmp_path / "data")
    ends: list[tuple[int, str]] = []

    def live() -> None:
        with started("up", "--data", data, "--port", "0") as server:
            if server.address:
                read(server, "/health")
                ends.append((server.stop(), "".join(server.said)))
            else:
                ends.append((server.ended(), "".join(server.said)))

    both = [threading.Thread(target=live) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(120)
    assert 0 in [code for code, _ in ends], ends
    assert all(code in (0, 2, 6, 8) and "Traceback" not in said for code, said in ends), ends
    assert integrity(tmp_path / "data") == "ok"
    with started("serve", "--data", data, "--port", "0") as server:
        assert read(server, "/ready")["status"] == "ready"
        with started("serve", "--data", data, "--port", "0") as second:
            assert read(second, "/ready")["status"] == "ready"
            assert second.stop() == 0
        assert server.stop() == 0


def test_its_log_is_json_and_holds_no_content(tmp_path: Path) -> None:
    """Each line of the log of a server is JSON; queries and paths never stand in it."""
    data = str(tmp_path / "data")
    with started("up", "--data", data, "--port", "0") as server:
        for path in ("/api/v1/about?prompt=secret-1", "/version?token=secret-2"):
            urllib.request.urlopen(server.address + path).read()
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{server.address}/secret-3")
        caught.value.close()
        assert server.stop() == 0
    lines = [json.loads(line) for line in server.said if line.startswith("{")]
    asked = [line["path"] for line in lines if line["says"] == "request"]
    assert asked == ["/api/v1/about", "/version", "(no route)"]
    assert "secret" not in "".join(server.said)
