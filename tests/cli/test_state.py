"""How commands print."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from muniment.cli.state import print_json


def test_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed for programs parses, with letters of any script as they are."""
    print_json({"at": datetime(2026, 1, 1, tzinfo=UTC), "path": Path("a"), "name": "Zoë 名"})
    text = capsys.readouterr().out
    assert json.loads(text)["name"] == "Zoë 名"
    assert "Zoë 名" in text


def test_what_draws_is_loaded_when_something_is_drawn() -> None:
    """A server, which draws nothing, does not wait for it."""
    asked = "import sys, muniment.cli.serve; print('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
