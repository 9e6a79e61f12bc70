"""`muniment serve` with a file that declares everything, as in a container."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.server.running import command, started

FILE = """
[server]
port = 0
[[systems]]
key = "desk"
[[models]]
name = "echo"
provider = "echo"
[[keys]]
name = "app"
system = "desk"
[policies]
packs = ["generative-ai-data"]
"""


@pytest.mark.slow
def test_a_gateway_without_a_click(tmp_path: Path) -> None:
    """From an empty folder to an answered call; a worker that is killed is replaced."""
    file = tmp_path / "gateway.toml"
    file.write_text(FILE)
    made = command("gateway", "new-key")
    key = made.stdout.strip()
    environment = {"MUNIMENT_GATEWAY_KEY": key, "MUNIMENT_DATA_DIR": str(tmp_path / "data")}
    arguments = ("serve", "--config", str(file), "--workers", "2")
    with started(*arguments, environment=environment) as running:
        port = int(running.port)
        assert _said(port, key) == "hello anna@example.org"
        victim = _children(running.process.pid)[0]
        os.kill(victim, signal.SIGKILL)
        assert _answers_again(port, key)
        assert running.stop() == 0
    said = "".join(running.said)
    assert "bootstrapped" in said
    assert key not in said


def _said(port: int, key: str) -> str:
    asked = {"role": "user", "content": "hello anna@example.org"}
    request = Request(
        f"http://127.0.0.1:{port}/v1/chat/completions",
        data=json.dumps({"model": "echo", "messages": [asked]}).encode(),
        headers={"authorization": f"Bearer {key}"},
    )
    with urlopen(request, timeout=30) as answer:
        return str(json.load(answer)["choices"][0]["message"]["content"])


def _answers_again(port: int, key: str) -> bool:
    until = time.monotonic() + 60
    good = 0
    while good < 4 and time.monotonic() < until:
        try:
            good = good + 1 if _said(port, key) else 0
        except OSError:
            time.sleep(0.2)
    return good == 4


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in told.split()]
