"""`muniment demo`: what it refuses, what it asks, and what it says of what stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.cli import run
from muniment.main import open_house
from tests.server.asking import house_in


def demo(*words: str) -> int:
    """Run the command; give its exit code."""
    with pytest.raises(SystemExit) as left:
        run(open_house=open_house, arguments=["demo", *words])
    return int(left.value.code or 0)


def test_real_records_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, an exit code and a way out; also when asked to build anew, and nothing changes."""
    with house_in(tmp_path / "real") as house:
        house.log.begin()
    before = sorted(each.name for each in (tmp_path / "real").iterdir())
    for words in ((), ("--reset", "--yes")):
        assert demo("--folder", str(tmp_path / "real"), *words) == 6
        (line,) = capsys.readouterr().err.splitlines()
        assert "holds an installation with real records" in line
        assert "Name another folder" in line
    assert sorted(each.name for each in (tmp_path / "real").iterdir()) == before
