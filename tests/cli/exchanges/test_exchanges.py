"""The commands of calls together."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.cli.exchanges import commands
from tests.cli.exchanges.running import said


def test_an_empty_installation_says_what_to_do(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No call yet; every command is there under its name, and two of them at the top as well."""
    assert "No call was recorded yet." in said(empty, capsys, "exchange", "list")
    assert said(empty, capsys, "tail", "--once") == ""
    names = {each.name for each in commands().registered_commands}
    assert {"list", "explain", "tail", "match", "stop", "resume", "limits", "prices"} <= names
