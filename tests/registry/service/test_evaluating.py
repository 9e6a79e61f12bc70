"""An evaluation gates a change, and a run is done again and compared."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from muniment import registry
from muniment.core.digest import digest_bytes
from muniment.core.errors import ConflictError, InvalidError, UnavailableError
from muniment.registry import Answered, EvaluationCase, Repeatable, RunSort
from muniment.registry.rules.evaluating import read_set
from tests.registry.rules.test_evaluating import SET
from tests.registry.yard import Yard


def evaluated(yard: Yard, change: registry.Change, right: str, *, redacted: bool) -> registry.Run:
    """Evaluate a change's set with a candidate that always says the same."""
    yard.later(1)
    found = read_set({**SET, "redacted": redacted, "thresholds": {"pass_rate": ">= 1"}})

    def answer(case: EvaluationCase) -> Answered:
        return Answered("Yes." if case.id == "a" else right)

    with yard.by("ben") as work:
        return registry.record_evaluation(
            work,
            change.system_id,
            change.set_digest,
            found,
            registry.run_set(found, answer),
            candidate={"sort": "function", "function": "answer"},
            repeat=Repeatable(),
        )


@pytest.mark.requirement("REG-02", "CHG-06")
def test_an_evaluation_gates_its_change(yard: Yard) -> None:
    """A missed threshold stops the question; a redacted set counts as the redacted-data test."""
    yard.approved()
    change = yard.drafted("Be kind.")
    assert evaluated(yard, change, "Perhaps.", redacted=False).verdict == "not_met"
    with pytest.raises(ConflictError, match="cannot be asked"), yard.by("ben") as work:
        registry.ask(work, change.id)
    run = evaluated(yard, change, "No.", redacted=False)
    assert run.verdict == "met"
    evaluated(yard, change, "No.", redacted=True)
    with yard.by("ben") as work:
        found = {each.name: each.verdict for each in registry.check(work, change.id).findings}
    assert (found["evaluation"], found["redacted_data_test"]) == ("met", "met")
    with yard.looking() as work:
        version = registry.version_at(work, "credit-score", "dataset/loans", 1)
        assert registry.get_run(work, run.id).document["test_set"]["digest"] == version.digest
    assert run.document["results_digest"]


def test_a_set_is_read_from_a_file(tmp_path: Path) -> None:
    """YAML and JSON; a broken one is told by its line."""
    (tmp_path / "set.json").write_text(json.dumps(SET))
    (tmp_path / "set.yaml").write_text(json.dumps(SET))
    one = registry.read_evaluation_set(tmp_path / "set.json")
    assert registry.read_evaluation_set(tmp_path / "set.yaml") == one
    (tmp_path / "set.yaml").write_text("name: [")
    for name in ("set.yaml", "none.json"):
        with pytest.raises(InvalidError):
            registry.read_evaluation_set(tmp_path / name)


def test_a_run_is_done_again(yard: Yard, tmp_path: Path) -> None:
    """The same again; with other data it differs and says in what; too slow is told."""
    yard.raise_up()
    (tmp_path / "data.csv").write_text("1,2\n")
    code = (
        "import pathlib; pathlib.Path('out.txt').write_text(pathlib.Path('data.csv').read_text())"
    )
    document = {
        "command": [sys.executable, "-c", code],
        "datasets": [{"file": "data.csv", "digest": digest_bytes(b"1,2\n")}],
        "outputs": {"out.txt": digest_bytes(b"1,2\n")},
        "seed": 7,
    }
    digest = "sha256:" + "a" * 64
    with yard.by("ben") as work:
        run = registry.record_run(work, "credit-score", RunSort.TRAINING, digest, document)
    found = registry.reproduce(run, tmp_path, seconds=60)
    told = {each.name: each.verdict for each in found.parts}
    assert (found.verdict, told["out.txt"]) == ("could_not_tell", "met")
    assert "not known: commit" in found.says
    (tmp_path / "data.csv").write_text("3,4\n")
    found = registry.reproduce(run, tmp_path, seconds=60)
    assert found.verdict == "not_met"
    assert "data.csv, out.txt" in found.says
    slow = {**document, "command": [sys.executable, "-c", "import time; time.sleep(9)"]}
    with yard.by("ben") as work:
        run = registry.record_run(work, "credit-score", RunSort.TRAINING, digest, slow)
    with pytest.raises(UnavailableError, match=r"more than 0\.2"):
        registry.reproduce(run, tmp_path, seconds=0.2)
    assert registry.digest_of(tmp_path, "../secret") == ""
