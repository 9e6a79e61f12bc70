"""Disputed texts, and the names of people, on the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.cli.exchanges.running import said
from tests.cli.policy.running import left_with
from tests.exchanges.calling import TEXT


def test_a_disputed_text(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """From a file or read: matches leaves with 0, differs with 1, could not tell with 3."""
    file = tmp_path / "text"
    file.write_bytes(TEXT)
    why = ("--reason", "a complaint")
    told = said(folder, capsys, "exchange", "match", "exc_1", str(file), *why, "--json")
    assert json.loads(told)["answer"] == "matches"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"other")))
    assert left_with(folder, "exchange", "match", "exc_1", "-", *why, room="") == 1
    assert left_with(folder, "exchange", "match", "exc_no", str(file), *why, room="") == 3
    gone = str(tmp_path / "gone")
    assert left_with(folder, "exchange", "match", "exc_1", gone, *why, room="") == 2
    assert left_with(folder, "exchange", "subject", "nobody@example.org", room="") == 4
