"""`muniment policy check`, `test` and `analyse`: no installation is needed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muniment import policy
from tests.cli.policy.running import left_with
from tests.policy.judging import ALLOW, rule


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the agents pack in it."""
    made = tmp_path / "policies"
    made.mkdir()
    pack = policy.pack("agent-tool-use")
    texts = {each.name: each.text for each in pack.sources}
    texts |= {each.name: each.text for each in pack.cases}
    for name, text in texts.items():
        (made / name.rpartition("/")[2]).write_text(text)
    return made


def test_right_policies_are_told_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Check and test end well and say what they saw."""
    assert left_with(folder, "check", str(folder)) == 0
    assert "9 rules in 1 files are right." in capsys.readouterr().out
    assert left_with(folder, "test", str(folder), "--coverage", "100") == 0
    assert "11 of 11 cases passed." in capsys.readouterr().out
    assert left_with(folder, "test", str(folder), "--json") == 0
    assert json.loads(capsys.readouterr().out)["coverage"] == 100


def test_wrong_policies_are_told_with_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each problem is a line with file, line and column, and the exit says it."""
    (tmp_path / "a.cedar").write_text(ALLOW + "\npermit (")
    assert left_with(tmp_path, "check", str(tmp_path)) == 1
    assert capsys.readouterr().err.startswith("a.cedar:2:")
    assert left_with(tmp_path, "check", str(tmp_path), "--json") == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["line"] == 2
    assert left_with(tmp_path, "test", str(tmp_path)) == 1
    assert left_with(tmp_path, "check", str(tmp_path / "none")) == 4


def test_failing_and_missing_cases_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A case that does not come out, or too few rules spoken for, ends with one."""
    (tmp_path / "a.cedar").write_text(ALLOW + rule("never", when="context.tokens < 0"))
    (tmp_path / "a.yaml").write_text("cases: [{name: a, action: call, expect: allow}]\n")
    assert left_with(tmp_path, "test", str(tmp_path)) == 0
    assert "No case makes these speak: never" in capsys.readouterr().out
    assert left_with(tmp_path, "test", str(tmp_path), "--coverage", "60") == 1
    (tmp_path / "a.yaml").write_text("cases: [{name: a, action: call, expect: deny}]\n")
    assert left_with(tmp_path, "test", str(tmp_path)) == 1


def test_flaws_and_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What contradicts is named; a role that can do something is shown with a case."""
    (tmp_path / "a.cedar").write_text(ALLOW + rule("not", effect="forbid"))
    assert left_with(tmp_path, "analyse", str(tmp_path)) == 1
    assert "contradiction" in capsys.readouterr().out
    (tmp_path / "a.cedar").write_text(ALLOW)
    assert left_with(tmp_path, "analyse", str(tmp_path), "--json") == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "met"
    asked = ("analyse", str(tmp_path), "--role", "auditor", "--action")
    assert left_with(tmp_path, *asked, "change") == 0
    assert capsys.readouterr().out.startswith("No;")
    assert left_with(tmp_path, *asked, "call", "--json") == 0
    assert json.loads(capsys.readouterr().out)["possible"] == "yes"
