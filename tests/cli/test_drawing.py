"""How tables are drawn."""

from __future__ import annotations

import pytest

from muniment.cli.drawing import draw


@pytest.mark.parametrize("cell", ["[bold]x[/bold]", "[/]", "a\\[b", ":warning:", "[link=x]y", "["])
def test_a_cell_is_text(capsys: pytest.CaptureFixture[str], cell: str) -> None:
    """What stands in a cell is shown letter by letter: no markup, no little pictures."""
    draw("T", ("one",), [(cell,)])
    assert cell in capsys.readouterr().out


def test_a_cell_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters in what others wrote do not reach the terminal."""
    draw("T", ("one",), [("a\x1b[2Jb\rc\x07d\u202e",)])
    out = capsys.readouterr().out
    assert not set(out) & {"\x1b", "\r", "\x07", "\u202e"}
