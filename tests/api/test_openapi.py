"""The description of the API: whole, true, and frozen until somebody looks at the change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tools import reference_doors

FROZEN = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The description as the code gives it."""
    told: dict[str, Any] = json.loads(reference_doors.openapi_file())
    return told


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """List every operation."""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_the_frozen_description_is_the_code_s(described: dict[str, Any]) -> None:
    """A change of the API is seen in docs/reference/openapi.json; see `make docs-reference`."""
    assert json.loads(FROZEN.read_text(encoding="utf-8")) == described


def test_every_operation_says_how_to_be_known_and_how_it_refuses(described: dict[str, Any]) -> None:
    """Security, a summary, a name of its own, and every refusal in the one shape."""
    names = list[str]()
    for method, path, operation in operations(described):
        names.append(operation["operationId"])
        assert operation["summary"], path
        refusals = {code: told for code, told in operation["responses"].items() if code >= "400"}
        assert "422" in refusals, path
        for told in refusals.values():
            (kind,) = told["content"]
            assert kind in {"application/problem+json", "application/scim+json"}, path
        if path == "/v1/about" or path.startswith(("/v1/scim", "/scim")):
            continue
        assert operation["security"], path
        assert {"401", "403"} <= set(refusals), path
        named = {each["name"].lower() for each in operation.get("parameters", ())}
        assert ("428" in refusals) == ("if-match" in named), (method, path)
    assert len(names) == len(set(names))


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    """No part of the description points to one that is not there."""
    text = json.dumps(described)
    there = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    found = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
    assert found <= there
