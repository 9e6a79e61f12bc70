"""`muniment tail`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.exchanges.running import said
from tests.cli.policy.running import left_with


def test_what_happened_last_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The newest calls, the oldest of them first, as lines or as JSON; of one system only."""
    lines = said(folder, capsys, "tail", "--once").splitlines()
    assert [each.split()[1] for each in lines] == ["exc_1", "exc_no"]
    assert "cost 0.0003" in lines[0]
    (line,) = said(folder, capsys, "tail", "--once", "-n", "1", "--json").splitlines()
    assert json.loads(line)["id"] == "exc_no"
    assert said(folder, capsys, "tail", "--once", "--system", "sys_9") == ""


def test_it_ends_well_on_ctrl_c(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has seen enough leaves with 0, and with what was shown."""

    def enough(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", enough)
    assert left_with(folder, "exchange", "tail", room="") == 0
    assert "exc_1" in capsys.readouterr().out
