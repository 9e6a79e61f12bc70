"""OpenAI's own client for Node against the gateway, with only base URL and key changed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.gateway.calling import ECHO, MASKING_RULES, bodies, gate_in, script
from tools.node import SOURCE, ensure, find_packages, missing

ASKED = "Write to anna.berg@example.org about it."
TOLD_WITHIN_SECONDS = 60


@pytest.mark.slow
@pytest.mark.skipif(bool(missing()), reason=f"OpenAI's client for Node needs it: {missing()}")
def test_the_client_for_node_works_unchanged(tmp_path: Path) -> None:
    """Chats, streams, tools, responses, embeddings, models and errors arrive as it expects them."""
    place = ensure()
    program = place / "calling.mjs"
    program.write_text((Path(__file__).parent / "calling.mjs").read_text(encoding="utf-8"))
    line = {"when": "weather", "tools": [{"name": "weather", "arguments": {"for": "noon"}}]}
    with gate_in(tmp_path, {**ECHO, **script(line)}, MASKING_RULES) as gate:
        done = subprocess.run(
            ["node", str(program), f"{gate.origin}/v1", gate.key, ASKED],
            capture_output=True,
            text=True,
            timeout=TOLD_WITHIN_SECONDS,
            check=False,
            cwd=place,
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        begun = bodies(gate.entries("exchanges.intended"))
    assert (told["whole"], told["streamed"]) == (ASKED, ASKED)
    assert told["tokens"] > 0
    assert told["tool"] == {"name": "weather", "arguments": '{"for": "noon"}'}
    assert (told["response"], told["vectors"]) == ("Good day.", 2)
    assert sorted(told["models"]) == ["echo", "scripted"]
    assert told["error"] == ["NotFoundError", 404, "model"]
    assert [each["remedies"] for each in begun[:2]] == [["mask"], ["mask"]]


def test_what_is_half_installed_is_not_used(tmp_path: Path) -> None:
    """Without its mark, or with another lock's, a folder is no installation."""
    assert find_packages(tmp_path) is None
    (tmp_path / "lock.sha256").write_text("another")
    assert find_packages(tmp_path) is None


def test_what_is_installed_is_checked_wherever_it_is_from() -> None:
    """The lock names versions and digests only, and no place."""
    lock = json.loads((SOURCE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert packages
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert "://" not in json.dumps(lock)
