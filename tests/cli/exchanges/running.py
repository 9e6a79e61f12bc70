"""Runs commands of calls that go well."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.policy.running import left_with


def said(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run a command that goes well, and give what it said."""
    assert left_with(folder, *words, room="") == 0
    return capsys.readouterr().out
