"""Writes what a check found: for people, and as JSON, SARIF 2.1.0 and JUnit."""

from __future__ import annotations

import json
from typing import Any, Final
from xml.etree import ElementTree as ET

from muniment.core import sarif
from muniment.policy.models import Bundle, CheckReport, Finding

_SAYS: Final = {
    "met": "Everything is as the policies ask.",
    "not_met": "This is not as the policies ask.",
    "could_not_tell": "This could not be judged.",
}


def as_text(report: CheckReport) -> str:
    """Write a report for people, one finding a line."""
    lines = [
        f"{each.file}:{each.line}:{each.column}: {each.level}: {_sentence(each)}"
        for each in report.findings
    ]
    return "\n".join([*lines, _SAYS[report.verdict]]) + "\n"


def as_json(report: CheckReport) -> str:
    """Write a report for programs."""
    value = {
        "verdict": report.verdict,
        "system": report.system,
        "bundle": report.bundle,
        "looked_at": list(report.looked_at),
        "findings": [
            {
                "rule": each.rule,
                "level": each.level,
                "says": each.says,
                "file": each.file,
                "line": each.line,
                "column": each.column,
                "remedy": each.remedy,
                "controls": list(each.controls),
            }
            for each in report.findings
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def as_sarif(report: CheckReport, bundle: Bundle | None, *, version: str) -> str:
    """Write a report in SARIF 2.1.0, as code hosts read it."""
    results = [
        sarif.Result(
            rule=each.rule,
            level=each.level,
            says=_sentence(each),
            file=each.file,
            mark=[each.rule, each.file, each.says],
            region={"startLine": each.line, "startColumn": each.column},
        )
        for each in report.findings
    ]
    value = sarif.report(
        results,
        _sarif_rules(report, bundle),
        version=version,
        is_whole=report.verdict != "could_not_tell",
        properties={"bundle": report.bundle},
    )
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def as_junit(report: CheckReport) -> str:
    """Write a report in JUnit's form: a case per file looked at, and one per finding."""
    bad = [each for each in report.findings if each.level == "error"]
    errors = [each for each in bad if each.rule == "muniment.unreadable"]
    failures = [each for each in bad if each.rule != "muniment.unreadable"]
    clean = [each for each in report.looked_at if not any(f.file == each for f in failures)]
    suite = ET.Element(
        "testsuite",
        name="muniment check",
        tests=str(len(clean) + len(report.findings)),
        failures=str(len(failures)),
        errors=str(len(errors)),
    )
    for file in clean:
        ET.SubElement(suite, "testcase", name="policies", classname=_xml(file))
    for each in report.findings:
        case = ET.SubElement(suite, "testcase", name=_xml(each.rule), classname=_xml(each.file))
        where = f"{each.file}:{each.line}:{each.column}"
        if each.level == "error":
            kind = "error" if each in errors else "failure"
            told = ET.SubElement(case, kind, message=_xml(each.says), type=_xml(each.rule))
            told.text = _xml(f"{where}: {_sentence(each)}")
        else:
            ET.SubElement(case, "system-out").text = _xml(f"{where}: {_sentence(each)}")
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _sarif_rules(report: CheckReport, bundle: Bundle | None) -> list[sarif.Rule]:
    known = {} if bundle is None else {each.id: each for each in bundle.rules}
    found = []
    for name in sorted({each.rule for each in report.findings}):
        rule = known.get(name)
        says = rule.reason if rule else next(f.says for f in report.findings if f.rule == name)
        more: dict[str, Any] = {}
        if rule is not None:
            more = {"help": {"text": rule.text}, "properties": {"tags": list(rule.controls)}}
        found.append(sarif.Rule(name, says, more))
    return found


def _sentence(each: Finding) -> str:
    serves = f" [{', '.join(each.controls)}]" if each.controls else ""
    says = each.says.rstrip(".") + "."
    return " ".join(f"{each.rule}: {says} {each.remedy}".split()) + serves


def _xml(text: str) -> str:
    """Leave out what XML cannot carry."""
    return "".join(
        letter if letter in "\t\n\r" or (letter >= " " and letter not in "\ufffe\uffff") else " "
        for letter in text.encode("utf-8", "replace").decode()
    )
