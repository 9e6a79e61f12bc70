"""Judges what a repository declares and plans to release, and says where in its files.

What the files do not say is a fact too: it is among the `missing`, and policies decide whether that
may be. What cannot be read is never met and never not met: it is *could not tell*.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

import msgspec

from muniment.core.yaml_text import Path, Written, YamlError, read_yaml
from muniment.policy.models import (
    Bundle,
    CheckReport,
    Decision,
    Declaration,
    Effect,
    Facts,
    Finding,
    PlannedRelease,
    ReleasePlan,
    Thing,
    ThreeAnswers,
)
from muniment.policy.rules.engine import Engine

DECLARATION: Final = "muniment.yaml"
T = TypeVar("T", Declaration, ReleasePlan)
_OF_SYSTEM: Final = (
    *("name", "owner", "purpose", "tier", "eu_class", "autonomy", "data_classes", "regions"),
)
_LISTS: Final = ("models", "prompts", "tools")
PARTS: Final = (*_OF_SYSTEM, *_LISTS)
UNREADABLE: Final = "muniment.unreadable"
NO_PERMIT: Final = "muniment.nothing-allows-it"
PROMPT: Final = "muniment.prompt"


def read_declaration(text: str, file: str) -> tuple[Declaration | None, Written, list[Finding]]:
    """Read a declaration; give it with its places, or what is wrong with it."""
    return _read(text, file, Declaration)


def read_plan(text: str, file: str) -> tuple[ReleasePlan | None, Written, list[Finding]]:
    """Read the plan of a release; give it with its places, or what is wrong with it."""
    return _read(text, file, ReleasePlan)


def judge_declaration(
    bundle: Bundle, declared: Declaration, written: Written, file: str
) -> list[Finding]:
    """Say what policies find in a declaration."""
    return _findings(bundle, Engine(bundle).decide(declared_facts(declared)), written, file)


def judge_release(
    bundle: Bundle, declared: Declaration, plan: PlannedRelease, written: Written, file: str
) -> list[Finding]:
    """Say what policies find in the plan of a release."""
    return _findings(bundle, Engine(bundle).decide(release_facts(declared, plan)), written, file)


def judge_prompts(
    declared: Declaration, digests: Mapping[str, str], written: Written, file: str
) -> list[Finding]:
    """Say which prompts are not there, or are not what was pinned."""
    found = []
    for number, each in enumerate(declared.prompts):
        line, column = written.place(("prompts", number, "file"))
        actual = digests.get(each.file, "")
        if not actual:
            says = f"the prompt {each.file} is not in the repository"
            remedy = "Add the file, or take the prompt out."
        elif each.sha256 and each.sha256 != actual:
            says = f"the prompt {each.file} is not the one that was pinned"
            remedy = f"If the change is meant, pin {actual}."
        else:
            continue
        found.append(Finding(PROMPT, "error", says, file, line, column, remedy))
    return found


def report_of(
    findings: Iterable[Finding], system: str, bundle: str, looked_at: Iterable[str]
) -> CheckReport:
    """Put findings together: an error is not met; what could not be read is told apart."""
    ordered = tuple(sorted(findings, key=lambda each: (each.file, each.line, each.rule)))
    errors = [each for each in ordered if each.level == "error"]
    verdict: ThreeAnswers = "not_met" if errors else "met"
    if any(each.rule == UNREADABLE for each in errors):
        verdict = "could_not_tell"
    return CheckReport(verdict, ordered, system, bundle, tuple(looked_at))


def declared_facts(declared: Declaration) -> Facts:
    """Make the facts of declaring a system."""
    there = _declared(declared)
    return Facts(
        principal=Thing("Pipeline", "ci", {"owner": declared.system.owner}),
        action="declare",
        resource=_system(declared),
        context={
            "place": _place("", ""),
            "declared": sorted(there),
            "missing": sorted(set(PARTS) - there),
            **_names(declared),
        },
    )


def release_facts(declared: Declaration, plan: PlannedRelease) -> Facts:
    """Make the facts of releasing a system as planned."""
    by_result: dict[str, list[str]] = {"passed": [], "failed": [], "missing": []}
    for name, result in sorted(plan.checks.items()):
        by_result[result].append(name)
    return Facts(
        principal=Thing("Pipeline", "ci", {"owner": declared.system.owner}),
        action="release",
        resource=_system(declared),
        context={
            "place": _place(plan.environment, plan.region),
            "checks": by_result["passed"],
            "missing": by_result["missing"],
            "failed": by_result["failed"],
            "approvers": plan.approvers,
            "independent": plan.independent,
            "frozen": plan.frozen,
            "emergency": plan.emergency,
            "share": plan.share,
            **_names(declared),
        },
    )


def declaration_schema() -> dict[str, Any]:
    """Give the JSON Schema of `muniment.yaml`, as it is published."""
    found = msgspec.json.schema(Declaration)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "muniment.yaml",
        **found,
    }


def declaration_schema_text() -> str:
    """Write the JSON Schema of `muniment.yaml`, as the file that is published."""
    return json.dumps(declaration_schema(), indent=2) + "\n"


def _read(text: str, file: str, shape: type[T]) -> tuple[T | None, Written, list[Finding]]:
    try:
        written = read_yaml(text)
    except YamlError as error:
        return None, Written(None, {}), [_unreadable(error.says, file, error.line, error.column)]
    try:
        return msgspec.convert(written.value, shape), written, []
    except msgspec.ValidationError as error:
        says, _, where = str(error).partition(" - at `")
        path = _path(where.rstrip("`"))
        line, column = written.place(path)
        named = ".".join(str(each) for each in path)
        says = f"{named}: {says[0].lower()}{says[1:]}" if named else says
        return None, written, [_unreadable(says, file, line, column)]


def _unreadable(says: str, file: str, line: int, column: int) -> Finding:
    remedy = "The schema is published as muniment.schema.json; editors can check by it."
    return Finding(UNREADABLE, "error", says, file, line, column, remedy)


def _path(where: str) -> Path:
    """Read a place such as `$.models[0].name`."""
    parts: list[str | int] = []
    for part in where.removeprefix("$").replace("[", ".[").split("."):
        if part.startswith("[") and part[1:-1].isdigit():
            parts.append(int(part[1:-1]))
        elif part and not part.startswith("["):
            parts.append(part)
    return tuple(parts)


def _findings(bundle: Bundle, decision: Decision, written: Written, file: str) -> list[Finding]:
    found = []
    for each in decision.reasons:
        if each.effect == "forbid":
            level = "warning" if decision.effect is Effect.CURE else "error"
            rule = bundle.rule(each.rule)
            line, column = written.place(_meant(rule.text if rule else "", written))
            remedy = f"It goes on with {each.remedy}." if each.remedy else ""
            found.append(
                Finding(
                    each.rule,
                    "warning" if level == "warning" else "error",
                    each.says,
                    file,
                    line,
                    column,
                    remedy,
                    each.controls,
                )
            )
    found += [
        Finding(UNREADABLE, "error", f"a rule could not be judged: {error}", file)
        for error in decision.errors
    ]
    if decision.effect is Effect.DENY and not found:
        remedy = "Add a permit for it, or name other policies with --policies."
        found.append(Finding(NO_PERMIT, "error", "no policy allows this", file, remedy=remedy))
    return found


def _meant(rule: str, written: Written) -> Path:
    """Find the part of the file that a rule speaks about by name."""
    for part in PARTS:
        if f'"{part}"' in rule or f"resource.{part}" in rule or f"context.{part}" in rule:
            path: Path = ("system", part) if part in _OF_SYSTEM else (part,)
            return path if path in written.places else ("system",)
    for name in ("share", "checks", "approvers", "independent", "frozen", "environment"):
        if name in rule and ("release", name) in written.places:
            return ("release", name)
    return ("system",) if ("system",) in written.places else ("release",)


def _declared(declared: Declaration) -> set[str]:
    of_system = {each for each in _OF_SYSTEM if getattr(declared.system, each)}
    return of_system | {each for each in _LISTS if getattr(declared, each)}


def _system(declared: Declaration) -> Thing:
    system = declared.system
    return Thing(
        "System",
        system.id,
        {
            "registered": False,
            "state": "declared",
            "tier": system.tier,
            "eu_class": system.eu_class,
            "autonomy": system.autonomy,
            "data_classes": sorted(set(system.data_classes)),
            "regions": sorted(set(system.regions)),
            "owner": system.owner,
        },
    )


def _names(declared: Declaration) -> dict[str, list[str]]:
    return {
        "models": sorted({each.name for each in declared.models}),
        "tools": sorted({each.name for each in declared.tools}),
        "providers": sorted({each.provider for each in declared.models if each.provider}),
    }


def _place(environment: str, region: str) -> dict[str, str]:
    return {"environment": environment, "region": region, "purpose": ""}
