"""Test sets are read whole, answers are judged, and what nobody answered is not known."""

from __future__ import annotations

from typing import Any

import pytest

from muniment.core.errors import InvalidError
from muniment.registry import Answered, EvaluationCase, Repeatable, RunSort
from muniment.registry.rules.evaluating import (
    evaluation_document,
    judge_case,
    metrics_of,
    read_set,
    results_text,
    run_set,
    set_document,
)
from muniment.registry.rules.parts import judge_run, require_run

SET: dict[str, Any] = {
    "name": "loans",
    "source": "last year's applications",
    "collected_by": "every hundredth, redacted",
    "redacted": True,
    "thresholds": {"pass_rate": ">= 0.5"},
    "cases": [
        {"id": "a", "input": "Ana?", "expect": {"contains": "yes"}},
        {"id": "b", "input": "Ben?", "expect": {"equals": "No."}, "system": "Be brief."},
    ],
}


def a_set(**more: Any) -> Any:
    """Read a test set."""
    return read_set({**SET, **more})


@pytest.mark.requirement("LIN-10", "REG-12")
def test_a_set_is_versioned_by_its_cases() -> None:
    """The same cases are the same set; another expectation is another."""
    found = a_set()
    assert found.digest == a_set(thresholds={}).digest
    other = [{**SET["cases"][0], "expect": {"contains": "no"}}, SET["cases"][1]]
    assert found.digest != a_set(cases=other).digest
    document = set_document(found)
    assert (document["cases"], document["cases_digest"]) == (2, found.digest)
    assert "Ana" not in str(document)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"cases": []}, "cases"),
        ({"cases": "x"}, "cases"),
        ({"cases": [SET["cases"][0]] * 2}, "cases"),
        ({"cases": [{"id": "a", "input": "x", "expect": {}}]}, "cases[0].expect"),
        ({"cases": [{"id": "a", "input": "", "expect": {"equals": "x"}}]}, "cases[0].input"),
        ({"cases": [{"id": "", "input": "x", "expect": {"equals": "x"}}]}, "cases[0].id"),
        ({"cases": [{"id": "a", "input": "x", "expect": {"likes": "x"}}]}, "cases[0].expect"),
        (
            {"cases": [{"id": "a", "input": "x", "expect": {"matches": "("}}]},
            "cases[0].expect.matches",
        ),
        (
            {"cases": [{"id": "a", "input": "x", "expect": {"equals": 1}}]},
            "cases[0].expect.equals",
        ),
        ({"redacted": "yes"}, "redacted"),
        ({"thresholds": {"pass_rate": "high"}}, "thresholds.pass_rate"),
        ({"thresholds": {"beauty": ">= 1"}}, "thresholds"),
        ({"source": ""}, "source"),
        ({"colour": "red"}, "test set"),
    ],
)
def test_a_set_that_cannot_be_meant_is_told(more: dict[str, Any], field: str) -> None:
    """Each fault by its field."""
    with pytest.raises(InvalidError) as caught:
        a_set(**more)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("expect", "text", "passed"),
    [
        ({"equals": "No."}, " No.\n", True),
        ({"equals": ["Yes.", "No."]}, "No.", True),
        ({"contains": ["LOAN", "no"]}, "No loan.", True),
        ({"contains": ["loan", "yes"]}, "No loan.", False),
        ({"not_contains": "secret"}, "A Secret.", False),
        ({"matches": r"^\d+$"}, "42", True),
        ({"json": {"a": [1]}}, '{"a": [1]}', True),
        ({"json": {"a": 1}}, "{", False),
        ({"matches": "a"}, "a \ud800", True),
        ({"contains": "no", "not_contains": "loan"}, "no loan", False),
    ],
)
def test_an_answer_is_judged(expect: dict[str, Any], text: str, passed: bool) -> None:  # noqa: FBT001 a table
    """By every expectation at once."""
    case = EvaluationCase("a", "x", expect)
    assert judge_case(case, Answered(text)).passed is passed


def test_what_was_not_answered_is_not_known() -> None:
    """One failing call and nobody can tell how many pass; the run says so, and keeps no content."""
    found = a_set()
    whole = run_set(found, lambda case: Answered("Yes." if case.id == "a" else "No.", "m-1"))
    assert metrics_of(whole.results) == {"answered_rate": "1.0000", "pass_rate": "1.0000"}
    part = {"part": "dataset/loans", "version": 1, "digest": "sha256:1"}

    def judged(outcome: Any) -> str:
        document = evaluation_document(
            found, outcome, part=part, candidate={"sort": "command"}, repeat=Repeatable(("x",))
        )
        assert "Ana" not in str(document)
        content = require_run(RunSort.EVALUATION, document)
        return judge_run(RunSort.EVALUATION, content)[0]

    assert judged(whole) == "met"
    half = run_set(found, lambda case: Answered("Yes." if case.id == "a" else None, says="down"))
    assert metrics_of(half.results) == {"answered_rate": "0.5000"}
    assert judged(half) == "could_not_tell"
    wrong = run_set(found, lambda _case: Answered("Perhaps."))
    assert judged(wrong) == "not_met"
    assert results_text(found, whole) == results_text(found, whole)
    assert results_text(found, whole) != results_text(found, wrong)
