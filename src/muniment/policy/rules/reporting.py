"""Writes what a check found: for people, and as JSON, SARIF 2.1.0 and JUnit."""

from __future__ import annotations

import json
from typing import Any, Final
from xml.etree import ElementTree as ET

from muniment.core.digest import digest_value
from muniment.policy.models import Bundle, CheckReport, Finding

SARIF_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
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
    rules = _sarif_rules(report, bundle)
    places = {each["id"]: number for number, each in enumerate(rules)}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "muniment",
                "version": version,
                "rules": rules,
                "properties": {"bundle": report.bundle},
            }
        },
        "invocations": [{"executionSuccessful": report.verdict != "could_not_tell"}],
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(each, places[each.rule]) for each in report.findings],
    }
    value = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
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


def _sarif_rules(report: CheckReport, bundle: Bundle | None) -> list[dict[str, Any]]:
    known = {} if bundle is None else {each.id: each for each in bundle.rules}
    found = []
    for name in sorted({each.rule for each in report.findings}):
        rule = known.get(name)
        says = rule.reason if rule else next(f.says for f in report.findings if f.rule == name)
        told: dict[str, Any] = {"id": name, "shortDescription": {"text": says}}
        if rule is not None:
            told["help"] = {"text": rule.text}
            told["properties"] = {"tags": list(rule.controls)}
        found.append(told)
    return found


def _sarif_result(each: Finding, place: int) -> dict[str, Any]:
    return {
        "ruleId": each.rule,
        "ruleIndex": place,
        "level": each.level,
        "message": {"text": _sentence(each)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(each.file)},
                    "region": {"startLine": each.line, "startColumn": each.column},
                }
            }
        ],
        "partialFingerprints": {
            "muniment/v1": digest_value([each.rule, each.file, each.says]).removeprefix("sha256:")
        },
    }


def _sentence(each: Finding) -> str:
    serves = f" [{', '.join(each.controls)}]" if each.controls else ""
    says = each.says.rstrip(".") + "."
    return " ".join(f"{each.rule}: {says} {each.remedy}".split()) + serves


def _uri(file: str) -> str:
    """Write a path as a relative address."""
    keep = "/-._~"
    return "".join(
        letter
        if letter.isascii() and (letter.isalnum() or letter in keep)
        else "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "replace"))
        for letter in file.replace("\\", "/").lstrip("/")
    )


def _xml(text: str) -> str:
    """Leave out what XML cannot carry."""
    return "".join(
        letter if letter in "\t\n\r" or (letter >= " " and letter not in "\ufffe\uffff") else " "
        for letter in text.encode("utf-8", "replace").decode()
    )
