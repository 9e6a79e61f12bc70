"""Tests of CycloneDX bills against the official schema."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from muniment.registry.rules.bills import as_cyclonedx
from tests.registry.rules.bills.making import DIGEST, a_bill

VALIDATOR = JsonStrictValidator(SchemaVersion.V1_6)


def written(bill: Any) -> dict[str, Any]:
    """Write a bill and hold it against the official schema."""
    value = as_cyclonedx(bill, version="1.0")
    assert VALIDATOR.validate_str(json.dumps(value)) is None
    return value


def test_a_bill_is_lawful_and_tells_everything() -> None:
    """Models with cards, files with digests, datasets and prompts, and what needs what."""
    value = written(a_bill())
    model, theirs, loans, prompt = value["components"]
    assert model["type"] == "machine-learning-model"
    assert model["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    assert theirs["licenses"] == [{"license": {"name": "ours"}}]
    card = model["modelCard"]
    assert card["modelParameters"]["datasets"] == [
        {"ref": "dataset/loans@1"},
        {"type": "dataset", "name": "elsewhere"},
    ]
    assert card["quantitativeAnalysis"]["performanceMetrics"] == [
        {"type": "auc", "value": "0.9"},
        {"type": "f1", "value": "0.8"},
    ]
    assert card["considerations"]["technicalLimitations"] == [
        "Only for small loans.",
        "Only in German.",
    ]
    assert model["components"][0]["hashes"] == [{"alg": "SHA-256", "content": DIGEST[7:]}]
    assert (loans["data"][0]["type"], prompt["data"][0]["type"]) == ("dataset", "configuration")
    assert {"ref": "model/main@1", "dependsOn": ["dataset/loans@1"]} in value["dependencies"]


def test_the_same_set_gives_the_same_bytes() -> None:
    """Nothing in it comes from the clock or from chance."""
    one, other = (json.dumps(as_cyclonedx(a_bill(), version="1.0")) for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    "odd",
    [
        {"licence": 7, "datasets": "one", "metrics": [], "limits": {"a": 1}, "task": ["x"]},
        {
            "licence": "",
            "hyperparameters": "x",
            "metrics": {"u": None, "v": "ü"},
            "datasets": [{"a": 1}],
        },
        {"licence": "x" * 5000, "description": "\u202e", "task": True},
    ],
)
def test_odd_documents_still_give_a_lawful_bill(odd: dict[str, Any]) -> None:
    """A version's document may hold any JSON."""
    written(a_bill(**odd))
