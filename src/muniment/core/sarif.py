"""SARIF 2.1.0: the form in which findings in files are told to code hosts and editors.

A room gives its findings as `Result`s, and each rule a sentence; here they become one document. The
same findings give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from muniment.core.digest import digest_value

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
Level = Literal["error", "warning", "note"]
_KEPT: Final = "/-._~"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that found something, in a sentence."""

    id: str
    says: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """One finding: by which rule, where, and how to know it again."""

    rule: str
    level: str
    says: str
    file: str
    mark: object
    region: Mapping[str, int] | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """Something that could not be looked into, and why."""

    file: str
    says: str


def report(
    results: Iterable[Result],
    rules: Sequence[Rule],
    *,
    version: str,
    missed: Sequence[Missed] = (),
    is_whole: bool | None = None,
    properties: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write findings as one run of this product."""
    places = {rule.id: number for number, rule in enumerate(rules)}
    driver: dict[str, Any] = {
        "name": "muniment",
        "version": version,
        "rules": [_rule(each) for each in rules],
    }
    if properties is not None:
        driver["properties"] = dict(properties)
    invocation: dict[str, Any] = {
        "executionSuccessful": not missed if is_whole is None else is_whole
    }
    if missed:
        invocation["toolExecutionNotifications"] = [_notification(each) for each in missed]
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, places[each.rule]) for each in results],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def uri(file: str) -> str:
    """Write a path as a relative address."""
    return "".join(
        letter
        if letter.isascii() and (letter.isalnum() or letter in _KEPT)
        else "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "replace"))
        for letter in file.replace("\\", "/").lstrip("/")
    )


def _rule(rule: Rule) -> dict[str, Any]:
    told: dict[str, Any] = {"id": rule.id}
    if rule.says:
        told["shortDescription"] = {"text": rule.says}
    return told | dict(rule.more)


def _result(each: Result, place: int) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": uri(each.file)}}
    if each.region is not None:
        location["region"] = dict(each.region)
    where: dict[str, Any] = {"physicalLocation": location}
    if each.place:
        where["logicalLocations"] = [{"fullyQualifiedName": each.place}]
    return {
        "ruleId": each.rule,
        "ruleIndex": place,
        "level": each.level,
        "message": {"text": each.says},
        "locations": [where],
        "partialFingerprints": {"muniment/v1": digest_value(each.mark).removeprefix("sha256:")},
    }


def _notification(each: Missed) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": each.says},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(each.file)}}}],
    }
