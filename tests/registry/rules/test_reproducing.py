"""A run done again is the same, differs in something, or nobody can tell."""

from __future__ import annotations

from typing import Any

import pytest

from muniment.core.errors import ConflictError
from muniment.registry import Compared, Run, RunSort
from muniment.registry.rules.reproducing import (
    compare_commit,
    compare_end,
    compare_file,
    compare_metrics,
    compare_output,
    files_of,
    judged,
    repeatable_of,
)
from tests.registry.making import AT


def a_run(**document: Any) -> Run:
    """Make a run."""
    return Run("run_1", "sys_1", RunSort.TRAINING, "sha256:1", document, "met", "says", "per_a", AT)


@pytest.mark.requirement("REG-14")
def test_what_it_takes_is_read_from_the_run() -> None:
    """The command with its seed, the outputs, and the files it was made from."""
    run = a_run(
        command=["train", "--seed", "{seed}"],
        seed=7,
        outputs={"model.bin": "sha256:2"},
        datasets=[{"file": "data.csv", "digest": "sha256:3"}, "elsewhere"],
        preprocessing={"file": "clean.py", "digest": "sha256:4"},
        environment_lock={"file": "lock.txt", "digest": "sha256:5"},
    )
    found = repeatable_of(run)
    assert found.command == ("train", "--seed", "7")
    assert (found.outputs, found.environment_lock) == ({"model.bin": "sha256:2"}, "sha256:5")
    assert files_of(run) == {
        "data.csv": "sha256:3",
        "clean.py": "sha256:4",
        "lock.txt": "sha256:5",
    }
    for unclear in ({"seed": 7}, {"command": 5}, {"command": "say 'it"}, {"command": ""}):
        with pytest.raises(ConflictError, match="command"):
            repeatable_of(a_run(**unclear))


def test_a_command_may_be_a_text_and_outputs_a_list() -> None:
    """A line is cut as a shell does; files with digests are read like those it came from."""
    files = [{"file": "model bin", "digest": "sha256:2"}]
    run = a_run(command="train --out 'model bin' {seed}", seed=7, outputs=files)
    found = repeatable_of(run)
    assert found.command == ("train", "--out", "model bin", "7")
    assert found.outputs == {"model bin": "sha256:2"}
    assert judged(run, (Compared("model bin", "met", ""),)).verdict == "met"


def test_what_the_command_did_not_write_proves_nothing() -> None:
    """A file that lay there before and is untouched is no output of this run."""
    for written, now, verdict in (
        (True, "sha256:2", "met"),
        (False, "sha256:2", "could_not_tell"),
        (False, "", "not_met"),
        (True, "sha256:3", "not_met"),
    ):
        found = compare_output("model.bin", "sha256:2", now, written=written)
        assert found.verdict == verdict


def test_each_thing_is_compared() -> None:
    """The same, another, gone, or not told."""
    assert compare_commit("0f3a", "0f3abc").verdict == "met"
    assert compare_commit("0f3a", "1111").verdict == "not_met"
    assert compare_commit("", "1111").verdict == "could_not_tell"
    assert compare_commit("0f3a", "").verdict == "could_not_tell"
    assert compare_file("a", "sha256:1", "sha256:1").verdict == "met"
    assert compare_file("a", "sha256:1", "sha256:2").verdict == "not_met"
    assert compare_file("a", "sha256:1", "").says == "It is not there."
    assert compare_end(1).verdict == "not_met"
    told = compare_metrics({"auc": "0.91", "f1": "0.8"}, {"auc": 0.9})
    assert [each.verdict for each in told] == ["not_met", "could_not_tell"]
    assert compare_metrics({"auc": "0.9"}, None) == ()


@pytest.mark.parametrize(
    ("parts", "verdict", "says"),
    [
        ((("command", "met"), ("m", "met"), ("commit", "met")), "met", "the same"),
        ((("command", "met"), ("m", "met"), ("commit", "could_not_tell")), "could_not_tell", "com"),
        ((("command", "not_met"), ("m", "not_met")), "not_met", "differs in command, m"),
        ((("command", "met"),), "could_not_tell", "no outputs"),
    ],
)
def test_a_reproduction_is_judged(
    parts: tuple[tuple[str, Any], ...], verdict: str, says: str
) -> None:
    """One difference makes it differ; with nothing to compare nobody can tell."""
    run = a_run(outputs={"m": "sha256:1"})
    found = judged(run, tuple(Compared(name, answer, "") for name, answer in parts))
    assert (found.verdict, says in found.says) == (verdict, True)
