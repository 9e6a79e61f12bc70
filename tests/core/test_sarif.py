"""Tests of SARIF."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from muniment.core import sarif

SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "sarif-2.1.0.json").read_text())


def test_findings_become_a_lawful_document() -> None:
    """With places and without, with what was missed and without, the official schema is kept."""
    rule = sarif.Rule("a.b", "It is so.", {"help": {"text": "Mend it."}})
    one = sarif.Result("a.b", "error", "says", "x y.py", [1], {"startLine": 1})
    other = sarif.Result("a.b", "note", "says", "z", [2], place="byte 7")
    value = sarif.report(
        [one, other], [rule], version="1", missed=[sarif.Missed("q", "why")], properties={"a": "b"}
    )
    jsonschema.validate(value, SCHEMA)
    jsonschema.validate(sarif.report([], [], version="1"), SCHEMA)
    assert value["runs"][0]["results"][0]["ruleIndex"] == 0
    assert value["runs"][0]["invocations"][0]["executionSuccessful"] is False
    assert sarif.report([], [], version="1", is_whole=False)["runs"][0]["invocations"] == [
        {"executionSuccessful": False}
    ]


def test_a_path_becomes_a_relative_address() -> None:
    """Spaces, backslashes and letters of other scripts are escaped."""
    assert sarif.uri("\\a b\\ü.py") == "a%20b/%C3%BC.py"
