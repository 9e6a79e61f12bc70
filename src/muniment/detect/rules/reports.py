"""What a scan of files found, as JSON and as SARIF 2.1.0; no report ever holds a value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from muniment.core import sarif
from muniment.detect.models import Family, FileScan, Gap, Place, Sheet

CLEAN: Final = 0
FOUND: Final = 1
NOT_INSPECTED: Final = 3

_LEVELS: Final = {Family.SECRETS: "error", Family.FINANCIAL: "error", Family.PHI: "error"}


def exit_code(scans: Iterable[FileScan], *, lenient: bool = False) -> int:
    """Give the exit code for CI: 0 clean, 1 found, 3 nothing found but not all inspected."""
    code = CLEAN
    for scan in scans:
        if scan.places:
            return FOUND
        if scan.gaps and not lenient:
            code = NOT_INSPECTED
    return code


def as_json(scans: Sequence[FileScan], *, explain: bool = False) -> dict[str, Any]:
    """Tell a scan of files as plain JSON."""
    return {
        "files": [
            {
                "path": scan.path,
                "characters": scan.characters,
                "build": scan.build,
                "verdict": verdict(scan),
                "findings": [place_as_value(place, explain=explain) for place in scan.places],
                "not_inspected": [{"where": gap.where, "reason": gap.reason} for gap in scan.gaps],
            }
            for scan in scans
        ],
        "found": sum(len(scan.places) for scan in scans),
        "not_inspected": sum(len(scan.gaps) for scan in scans),
    }


def place_as_value(place: Place, *, explain: bool = False) -> dict[str, Any]:
    """Tell one finding and where it stands."""
    finding = place.finding
    told: dict[str, Any] = {
        "type": finding.type,
        "family": finding.family.value,
        "score": round(finding.score, 4),
        "where": place.where,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "start": finding.start,
        "end": finding.end,
    }
    if explain:
        told["why"] = str(finding.why)
        told["validation"] = finding.validation.value
    return told


def verdict(scan: FileScan) -> str:
    """Give the answer for a file; what was not inspected is never clean."""
    if scan.places:
        return "found"
    return "not_inspected" if scan.gaps else "clean"


def as_sarif(scans: Sequence[FileScan], sheets: Iterable[Sheet], version: str) -> dict[str, Any]:
    """Tell a scan of files as SARIF, which code hosts show beside the lines."""
    known = {each.type: each for each in sheets}
    results = [_result(scan, place) for scan in scans for place in scan.places]
    used = sorted({each.rule for each in results})
    missed = [_missed(scan, gap) for scan in scans for gap in scan.gaps]
    rules = [_rule(name, known.get(name)) for name in used]
    return sarif.report(results, rules, version=version, missed=missed)


def _rule(name: str, sheet: Sheet | None) -> sarif.Rule:
    if sheet is None:
        return sarif.Rule(name)
    full = {"fullDescription": {"text": f"{sheet.finds} {sheet.limits}"}}
    return sarif.Rule(name, sheet.title, full)


def _result(scan: FileScan, place: Place) -> sarif.Result:
    finding = place.finding
    where = f" in {place.where}" if place.where else ""
    return sarif.Result(
        rule=finding.type,
        level=_LEVELS.get(finding.family, "warning"),
        says=f"{finding.type}{where}, score {finding.score:.2f}: {finding.why}",
        file=scan.path,
        mark=[scan.path, finding.type, place.where, place.line, place.column],
        region={
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        },
    )


def _missed(scan: FileScan, gap: Gap) -> sarif.Missed:
    where = f" ({gap.where})" if gap.where else ""
    return sarif.Missed(scan.path, f"not inspected: {gap.reason}{where}")
