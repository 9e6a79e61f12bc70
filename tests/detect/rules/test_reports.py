"""Reports say where and why, hold no value, and end with a code that CI understands."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs

from muniment import detect
from muniment.detect import FileScan, Scanner
from muniment.detect.models import Gap

MAIL = "maria.lopez@example.com"
FOUND = detect.scan_text(Scanner(layers="patterns"), "a/b.txt", f"one\ntwo {MAIL}\n")
SCHEMA = Path(__file__).resolve().parents[2] / "data" / "sarif-2.1.0.json"
CLEAN = FileScan("c.txt", (), (), 10, "build")
UNREAD = FileScan("d.png", (), (Gap("it is not text"),), 0, "")


def test_exit_codes_tell_found_clean_and_not_inspected_apart() -> None:
    """Not inspected is never clean, unless somebody says that it may be."""
    assert detect.exit_code([CLEAN]) == 0
    assert detect.exit_code([CLEAN, UNREAD]) == 3
    assert detect.exit_code([CLEAN, UNREAD], lenient=True) == 0
    assert detect.exit_code([UNREAD, FOUND], lenient=True) == 1


def test_json_has_places_and_reasons_and_no_value() -> None:
    """Everything a program needs to point at it."""
    told = detect.as_json([FOUND, CLEAN, UNREAD], explain=True)
    assert [each["verdict"] for each in told["files"]] == ["found", "clean", "not_inspected"]
    (finding,) = told["files"][0]["findings"]
    assert (finding["line"], finding["column"], finding["end_column"]) == (2, 5, 5 + len(MAIL))
    assert finding["why"]
    assert MAIL not in json.dumps(told)


def test_sarif_points_at_lines_and_tells_what_was_not_read() -> None:
    """Code hosts show it beside the lines; the mark stays the same from run to run."""
    told = detect.as_sarif([FOUND, UNREAD], detect.sheets(), "1.0")
    (run,) = told["runs"]
    (result,) = run["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (2, 5)
    assert result["ruleId"] in {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert run["invocations"][0]["executionSuccessful"] is False
    again = detect.as_sarif([FOUND], detect.sheets(), "1.0")["runs"][0]["results"][0]
    assert again["partialFingerprints"] == result["partialFingerprints"]
    assert MAIL not in json.dumps(told)


def test_sarif_fits_the_official_schema() -> None:
    """With findings, with gaps, and with nothing at all."""
    schema = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for scans in ([FOUND, CLEAN, UNREAD], [UNREAD], []):
        told = detect.as_sarif(scans, detect.sheets(), "1.0")
        assert [str(error) for error in schema.iter_errors(told)] == []
        assert list(schema.iter_errors({**told, "runs": [{"tool": {}}]})) != []
