"""What a part may say, how two versions differ, and what a run came to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.canonical import canonical_bytes
from muniment.core.errors import InvalidError
from muniment.registry import PartKind, RunSort
from muniment.registry.models.parts import version_digest
from muniment.registry.rules.parts import (
    judge_run,
    model_gap,
    read_label,
    readable_diff,
    require_document,
    require_run,
    settled,
)

DIGEST = "sha256:" + "a" * 64


@pytest.mark.requirement("REG-05", "CHG-11", "CHG-12", "CHG-13")
@pytest.mark.parametrize(
    ("kind", "document"),
    [
        (PartKind.PROMPT, {"text": "Hello"}),
        (PartKind.MODEL, {"provider": "acme", "model": "m-4"}),
        (PartKind.MODEL, {"artefacts": [{"name": "w.safetensors", "digest": DIGEST}]}),
        (PartKind.ROUTING, {"routes": [{"to": "m-4", "weight": 0.5}]}),
        (PartKind.TOOLS, {"allowed": ["refund"]}),
        (PartKind.GUARDRAIL, {"rules": ["no cards"]}),
        (PartKind.DATASET, {"source": "loans", "collected_by": "export"}),
    ],
)
def test_each_kind_says_what_it_must(kind: PartKind, document: dict[str, Any]) -> None:
    """The same content is the same version; without what it must say it is none."""
    taken = require_document(kind, document)
    again = dict(reversed(list(taken.items())))
    assert version_digest(kind, taken) == version_digest(kind, again)
    with pytest.raises(InvalidError, match=kind.value):
        require_document(kind, {"else": 1})


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"text": float("nan")},
        {"text": "x" * 300_000},
        {"text": "a", "Ü": 1},
        {"text": object()},
    ],
)
def test_what_is_no_document_is_refused(document: object) -> None:
    """Lists, numbers that are none, books and strange names are told."""
    with pytest.raises(InvalidError):
        require_document(PartKind.PROMPT, document)


def test_an_artefact_needs_a_digest() -> None:
    """A model that names files names each by its digest."""
    with pytest.raises(InvalidError, match="not a digest"):
        require_document(PartKind.MODEL, {"artefacts": [{"name": "w.bin", "digest": "abc"}]})
    assert model_gap({"provider": "acme"}).startswith("acme gives no digest")
    assert model_gap({"artefacts": [{"name": "w", "digest": DIGEST}]}) == ""


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_with_a_point_become_text_that_means_the_same(value: float) -> None:
    """No fraction is lost, and the canonical form takes it."""
    text = settled({"a": value})["a"]
    assert float(text) == value
    canonical_bytes({"a": text})


@pytest.mark.requirement("CHG-02", "REG-15")
def test_a_diff_is_read_by_people() -> None:
    """Texts are compared line by line, values path by path."""
    old = {"text": "Be kind.\nBe brief.", "temperature": "0.2"}
    new = {"text": "Be kind.\nBe exact.", "temperature": "0.2", "tools": ["refund"]}
    told = readable_diff(old, new)
    assert "-  Be brief." in told
    assert "+  Be exact." in told
    assert "+tools[0]: refund" in told
    assert readable_diff(old, old) == ()
    assert all(not line.startswith("-") for line in readable_diff(None, new))


@pytest.mark.requirement("REG-02", "REG-12")
@pytest.mark.parametrize(
    ("document", "verdict"),
    [
        ({"metrics": {"auc": 0.91}, "thresholds": {"auc": ">= 0.9"}}, "met"),
        ({"metrics": {"auc": "0.89"}, "thresholds": {"auc": ">= 0.9"}}, "not_met"),
        ({"metrics": {"error": 0.3}, "thresholds": {"error": "<= 0.1"}}, "not_met"),
        ({"metrics": {}, "thresholds": {"auc": ">= 0.9"}}, "could_not_tell"),
        ({"metrics": {"auc": "NaN"}, "thresholds": {"auc": ">= 0.9"}}, "could_not_tell"),
        ({"metrics": {"auc": 1}}, "could_not_tell"),
    ],
)
def test_an_evaluation_is_judged_by_its_thresholds(document: dict[str, Any], verdict: str) -> None:
    """Reached, missed, or not measured: three answers."""
    found = judge_run(RunSort.EVALUATION, require_run(RunSort.EVALUATION, document))
    assert found[0] == verdict
    assert found[1]


@pytest.mark.requirement("REG-10", "REG-11", "REG-13", "REG-14")
def test_a_training_that_cannot_be_repeated_says_what_is_missing() -> None:
    """Data, preprocessing, settings, commit, lock and seed make a training whole."""
    whole = {
        "datasets": [DIGEST],
        "preprocessing": "scale",
        "hyperparameters": {"depth": 6},
        "commit": "0f3a",
        "environment_lock": DIGEST,
        "seed": 7,
    }
    assert judge_run(RunSort.TRAINING, whole)[0] == "met"
    verdict, says = judge_run(RunSort.TRAINING, {**whole, "seed": None})
    assert (verdict, "seed" in says) == ("not_met", True)


def test_a_threshold_is_a_bound() -> None:
    """A threshold that is no bound is refused before anything is judged by it."""
    with pytest.raises(InvalidError, match="threshold"):
        require_run(RunSort.EVALUATION, {"thresholds": {"auc": "good"}})
    with pytest.raises(InvalidError):
        require_run(RunSort.EVALUATION, {"metrics": [1]})


@pytest.mark.parametrize("text", ["prompt", "prompt/", "poem/main", "prompt/a b", "prompt/../x"])
def test_a_label_names_a_kind_and_a_part(text: str) -> None:
    """What is no label is told, with the kinds there are."""
    with pytest.raises(InvalidError):
        read_label(text)
    assert read_label("tools/refunds") == (PartKind.TOOLS, "refunds")
