"""Reports for people and machines: each form is what its standard says."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from muniment import policy
from muniment.policy import Finding, as_json, as_junit, as_sarif, as_text
from muniment.policy.rules.declaring import report_of

SARIF = json.loads((Path(__file__).parents[2] / "data/sarif-2.1.0.json").read_text())
CHECK = jsonschema.validators.validator_for(SARIF)(SARIF)
BASE, _ = policy.check(policy.pack("soc2-baseline").sources)
FINDINGS = st.builds(
    Finding,
    rule=st.sampled_from(["soc2.checks-pass", "muniment.prompt", "muniment.unreadable"]),
    level=st.sampled_from(["error", "warning", "note"]),
    says=st.text(min_size=1, max_size=30),
    file=st.text(min_size=1, max_size=20),
    line=st.integers(1, 999),
    column=st.integers(1, 99),
    remedy=st.text(max_size=10),
    controls=st.just(("CC8.1",)),
)


@given(st.lists(FINDINGS, max_size=3))
def test_every_form_is_valid_whatever_is_found(findings: list[Finding]) -> None:
    """SARIF passes the official schema, JUnit is XML, JSON and text name every finding."""
    report = report_of(findings, "support", "sha256:aa", ["muniment.yaml"])
    sarif = json.loads(as_sarif(report, BASE, version="1.2.3"))
    assert list(CHECK.iter_errors(sarif)) == []
    (run,) = sarif["runs"]
    assert len(run["results"]) == len(findings)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    suite = ET.fromstring(as_junit(report))
    assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
    assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
    assert int(suite.attrib["errors"]) == len(suite.findall("testcase/error"))
    assert len(json.loads(as_json(report))["findings"]) == len(findings)
    assert len(as_text(report).splitlines()) >= len(findings) + 1


def test_a_clean_report_says_so() -> None:
    """Nothing found is met, in every form."""
    report = report_of([], "support", "sha256:aa", ["muniment.yaml"])
    assert as_text(report) == "Everything is as the policies ask.\n"
    sarif = json.loads(as_sarif(report, BASE, version="1"))
    assert sarif["runs"][0]["results"] == []
    assert sarif["runs"][0]["invocations"] == [{"executionSuccessful": True}]
    assert ET.fromstring(as_junit(report)).attrib["tests"] == "1"


def test_a_rule_brings_its_words_and_controls() -> None:
    """In SARIF a rule of the policies is described by its author's reason."""
    found = Finding("soc2.checks-pass", "error", "A check did not pass", "a b/é.yaml", 3)
    report = report_of([found], "s", "b", [])
    run = json.loads(as_sarif(report, BASE, version="1"))["runs"][0]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == "A check did not pass."
    assert rule["properties"]["tags"] == ["CC8.1", "PI1.3"]
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%20b/%C3%A9.yaml"
