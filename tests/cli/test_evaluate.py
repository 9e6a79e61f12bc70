"""`muniment evaluate`: a candidate is asked every case, and its release is gated by what came."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from muniment.cli import run
from muniment.main import open_house
from muniment.server import House
from muniment.testing.candidates import scripted_model
from tests.cli.registry.left import Left
from tests.registry.rules.test_evaluating import SET


@pytest.fixture
def left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Left:
    """A folder to keep house in, and a way to run commands there."""
    return Left(tmp_path, capsys)


def evaluate(left: Left, *words: str) -> int:
    """Run the command in the folder and give its exit code."""

    def opened(file: Path | None, overrides: dict[str, object], **options: object) -> House:
        own = {"data.dir": left.folder / "data", "unlock.folder": left.folder / "unlock"}
        return open_house(file, {**overrides, **own}, environment={}, **options)  # type: ignore[arg-type]  # as State

    with pytest.raises(SystemExit) as caught:
        run(open_house=opened, arguments=["evaluate", *words])
    return int(caught.value.code or 0)


def test_a_candidate_behind_an_address_is_judged(left: Left) -> None:
    """Met, not met, could not tell: each by exit code, and with the cases that are not met."""
    cases = left.file("set.json", json.dumps({**SET, "thresholds": {"pass_rate": ">= 1"}}))
    about = ("--no-record", "--model", "big")
    with scripted_model(lambda text: "Yes." if "Ana" in text else "No.") as url:
        assert evaluate(left, cases, "--url", url, *about) == 0
        assert "2 of 2 cases pass" in left.capsys.readouterr().out
    with scripted_model(lambda _text: "Perhaps.") as url:
        assert evaluate(left, cases, "--url", url, *about) == 1
        assert "Not met: a, b" in left.capsys.readouterr().out
    with scripted_model(lambda text: None if "Ben" in text else "Yes.") as url:
        assert evaluate(left, cases, "--url", url, *about) == 3
        assert "Could not tell: b (the model answered 500)" in left.capsys.readouterr().out


def test_results_are_written_and_nothing_is_recorded(left: Left) -> None:
    """With --no-record no installation is needed; what cannot be meant is told."""
    cases = left.file("set.json", json.dumps(SET))
    output = left.folder / "out.json"
    command = f"{sys.executable} -c \"print('Yes.')\""
    words = (cases, "--command", command, "--no-record", "--output", str(output))
    assert evaluate(left, *words) == 0
    assert json.loads(output.read_text())["metrics"]["pass_rate"] == "0.5000"
    assert evaluate(left, cases, "--no-record") == 2
    assert evaluate(left, cases, "--url", "https://x/v1", "--no-record") == 2
    assert evaluate(left, cases, "--command", command) == 2
    for odd in ("'", " "):
        assert evaluate(left, cases, "--command", odd, "--no-record") == 2
