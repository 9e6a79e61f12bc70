"""`muniment check` in a repository."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.policy.running import left_with

TEXT = "muniment: 1\nsystem: {id: a, owner: o@example.org, purpose: P., data_classes: [x]}\n"


def check(folder: Path, *words: str) -> int:
    """Run the check on a folder."""
    return left_with(folder, "check", str(folder), *words, room="")


@pytest.mark.requirement("POL-10")
def test_its_exit_says_what_came_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Zero is met, one is not met, three is could not tell; nothing is written elsewhere."""
    assert check(tmp_path) == 3
    (tmp_path / "muniment.yaml").write_text(TEXT)
    assert check(tmp_path) == 1
    assert "soc2.models-are-named" in capsys.readouterr().out
    (tmp_path / "muniment.yaml").write_text(TEXT + "models: [{name: m}]\n")
    assert check(tmp_path) == 0
    assert check(tmp_path, "--schema") == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == ["muniment.yaml"]


@pytest.mark.parametrize(("form", "begins"), [("json", "{"), ("sarif", "{"), ("junit", "<?xml")])
def test_every_form_can_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, begins: str
) -> None:
    """Each form goes to the terminal or to a file; a place that cannot be written is told."""
    (tmp_path / "muniment.yaml").write_text(TEXT)
    assert check(tmp_path, "--format", form) == 1
    assert capsys.readouterr().out.startswith(begins)
    out = tmp_path / "out"
    assert check(tmp_path, "--format", form, "--output", str(out)) == 1
    assert out.read_text().startswith(begins)
    assert "This is not as the policies ask." in capsys.readouterr().out
    assert check(tmp_path, "--format", form, "--output", str(tmp_path / "no/out")) == 8
    if form != "junit":
        json.loads(out.read_text())
