"""Tests of SPDX 3 bills against the model that the SPDX project publishes."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from spdx_python_model import v3_0_1 as spdx

from muniment.registry.rules.bills import as_spdx
from tests.registry.rules.bills.making import DIGEST, MODEL, a_bill


def written(bill: Any) -> dict[str, Any]:
    """Write a bill and read it with the official classes, which know what each may hold."""
    value = as_spdx(bill, version="1.0")
    found = spdx.SHACLObjectSet()
    spdx.JSONLDDeserializer().read(io.BytesIO(json.dumps(value).encode()), found)
    assert found.missing_ids == set()
    packages = list(found.foreach_type(spdx.ai_AIPackage))
    assert len(packages) == 2
    again = io.BytesIO()
    spdx.JSONLDSerializer().write(found, again)  # checks what must be there
    return value


def of(value: dict[str, Any], sort: str) -> list[dict[str, Any]]:
    """Give the elements of a type."""
    return [each for each in value["@graph"] if each["type"] == sort]


def test_a_bill_is_lawful_and_tells_everything() -> None:
    """Models, files, datasets, licences, and who made them; each is in the document."""
    value = written(a_bill())
    model = next(each for each in of(value, "ai_AIPackage") if each["name"] == "model/main")
    assert model["ai_metric"] == [
        {"type": "DictionaryEntry", "key": "auc", "value": "0.9"},
        {"type": "DictionaryEntry", "key": "f1", "value": "0.8"},
    ]
    assert of(value, "software_File")[0]["verifiedUsing"][0]["hashValue"] == DIGEST[7:]
    assert {each["name"] for each in of(value, "Organization")} == {"Us", "acme"}
    kinds = {each["relationshipType"] for each in of(value, "Relationship")}
    assert kinds == {"contains", "trainedOn", "hasDeclaredLicense", "hasConcludedLicense"}
    loans = next(each for each in of(value, "dataset_DatasetPackage") if "loans" in each["name"])
    assert loans["dataset_hasSensitivePersonalInformation"] == "yes"
    (document,) = of(value, "SpdxDocument")
    named = {each["spdxId"] for each in value["@graph"] if "spdxId" in each}
    assert set(document["element"]) == named - {document["spdxId"]}


def test_the_dataset_profile_is_claimed_only_where_all_is_known() -> None:
    """Of a dataset that is only named, too little is known for it."""
    (document,) = of(written(a_bill()), "SpdxDocument")
    assert "dataset" not in document["profileConformance"]
    (document,) = of(written(a_bill(datasets=["dataset/loans"])), "SpdxDocument")
    assert "dataset" in document["profileConformance"]


def test_the_same_set_gives_the_same_bytes() -> None:
    """Nothing in it comes from the clock or from chance."""
    one, other = (json.dumps(as_spdx(a_bill(), version="1.0")) for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    "odd",
    [
        {"licence": 7, "datasets": "one", "metrics": [], "limits": {"a": 1}, "task": ["x"]},
        {
            "licence": "",
            "hyperparameters": "x",
            "metrics": {"u": None, "v": "ü"},
            "datasets": ["ü / ?"],
        },
        {**MODEL, "licence": "x y", "description": "\u202e", "task": True},
    ],
)
def test_odd_documents_still_give_a_lawful_bill(odd: dict[str, Any]) -> None:
    """A version's document may hold any JSON."""
    written(a_bill(**odd))
