"""`muniment detect canary`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.detect.running import left_with


def test_a_planted_canary_is_found_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """new makes one, check finds it: exit 1; without one exit 0."""
    assert left_with(folder, "canary", "new") == 0
    canary = capsys.readouterr().out.strip()
    clean = folder / "in" / "clean.txt"
    assert left_with(folder, "canary", "check", str(clean)) == 0
    clean.write_text(f"the model said {canary} today\n")
    assert left_with(folder, "canary", "check", str(clean)) == 1
