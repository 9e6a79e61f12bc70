"""How commands print."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from muniment.cli.state import print_json, print_table


def test_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed for programs parses, with letters of any script as they are."""
    print_json({"at": datetime(2026, 1, 1, tzinfo=UTC), "path": Path("a"), "name": "Zoë 名"})
    text = capsys.readouterr().out
    assert json.loads(text)["name"] == "Zoë 名"
    assert "Zoë 名" in text


@pytest.mark.parametrize("cell", ["[bold]x[/bold]", "[/]", "a\\[b", ":warning:", "[link=x]y", "["])
def test_a_cell_is_text(capsys: pytest.CaptureFixture[str], cell: str) -> None:
    """What stands in a cell is shown letter by letter: no markup, no little pictures."""
    print_table("T", ("one",), [(cell,)])
    assert cell in capsys.readouterr().out


def test_a_cell_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters in what others wrote do not reach the terminal."""
    print_table("T", ("one",), [("a\x1b[2Jb\rc\x07d\u202e",)])
    out = capsys.readouterr().out
    assert not set(out) & {"\x1b", "\r", "\x07", "\u202e"}
