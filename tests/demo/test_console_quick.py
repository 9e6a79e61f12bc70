"""The benchmark of the console runs: every row is measured, whatever the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import console
from tests.demo.asking import Shown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


@pytest.mark.slow
def test_every_row_is_measured(shown: Shown, capsys: pytest.CaptureFixture[str]) -> None:
    """The quick run, on a demonstration that stands, prints every row and leaves the page alone."""
    before = PAGE.read_bytes()
    assert console.main(["--quick", "--demo", str(shown.folder)]) == 0
    said = capsys.readouterr().out
    assert [row for row in (console.SLOWEST, console.HEAVIEST) if row not in said] == []
    assert "building" not in said
    assert PAGE.read_bytes() == before
