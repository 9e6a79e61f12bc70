"""Tests beside policies: reads cases from YAML, runs them, and says which rules never spoke.

A case begins with the facts of an ordinary act (see `rules.usual`) and writes down only what is
different. What it expects is an effect, perhaps remedies and the rules that must speak.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from muniment.core.errors import InvalidError
from muniment.core.yaml_text import Path, Written, YamlError, read_yaml
from muniment.policy.models import (
    Bundle,
    Case,
    CaseFile,
    CaseReport,
    CaseResult,
    Decision,
    Effect,
    Problem,
)
from muniment.policy.rules.engine import Engine
from muniment.policy.rules.usual import usual

_PARTS: Final = ("resource", "system", "context")
_FIELDS: Final = frozenset({"name", "action", "principal", *_PARTS, "expect", "remedies", "by"})
_OF_PRINCIPAL: Final = frozenset({"type", "id", "roles", "teams"})


def read_cases(files: Iterable[CaseFile]) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
    """Read files of cases; give the cases, and every problem with its place."""
    cases: list[Case] = []
    problems: list[Problem] = []
    for file in files:
        try:
            written = read_yaml(file.text)
        except YamlError as error:
            problems.append(Problem(file.name, error.line, error.column, f"{error.says}."))
            continue
        listed = written.value.get("cases") if isinstance(written.value, dict) else None
        if not isinstance(listed, list) or set(written.value) != {"cases"}:
            says = "a file of cases holds a list under `cases` and nothing else."
            problems.append(Problem(file.name, 1, 1, says, "Write cases: and a list."))
            continue
        for number, each in enumerate(listed):
            try:
                cases.append(_case(file, written, each, ("cases", number)))
            except InvalidError as error:
                line, column = written.place(("cases", number, error.field))
                says = error.message + "."
                problems.append(Problem(file.name, line, column, says, error.remedy))
    return tuple(cases), tuple(problems)


def run_cases(bundle: Bundle, cases: Iterable[Case]) -> CaseReport:
    """Decide every case by the rules; say what did not come out, and which rules no case needs."""
    engine = Engine(bundle)
    results = []
    spoke: set[str] = set()
    for each in cases:
        decision = engine.decide(each.facts)
        spoke.update(reason.rule for reason in decision.reasons)
        results.append(CaseResult(each, decision, tuple(_wrong(each, decision))))
    every = [each.id for each in bundle.rules]
    return CaseReport(
        tuple(results),
        tuple(each for each in every if each in spoke),
        tuple(each for each in every if each not in spoke),
    )


def _wrong(case: Case, decision: Decision) -> Iterable[str]:
    spoke = {each.rule for each in decision.reasons}
    if decision.effect is not case.expect:
        why = decision.says or ", ".join(sorted(spoke)) or "no rule spoke"
        yield f"it is {decision.effect.value}, not {case.expect.value}: {why}"
    remedies = sorted(str(each) for each in decision.remedies)
    if case.remedies is not None and remedies != sorted(case.remedies):
        told = ", ".join(remedies) or "none"
        yield f"the remedies are {told}, not {', '.join(sorted(case.remedies)) or 'none'}"
    for missing in sorted(set(case.by or ()) - spoke):
        yield f"{missing} does not speak"
    for error in decision.errors:
        yield f"it could not be judged: {error}"


def _case(file: CaseFile, written: Written, value: object, path: Path) -> Case:
    if not isinstance(value, dict):
        raise InvalidError("a case is a set of fields", remedy="Write name, action and expect.")
    for name in value:
        if name not in _FIELDS:
            remedy = f"Use {', '.join(sorted(_FIELDS))}."
            raise InvalidError(f"{name[:40]!r} is not a field of a case", field=name, remedy=remedy)
    named, expect = _text(value, "name"), _text(value, "expect")
    if expect not in tuple(Effect):
        remedy = f"Use one of {', '.join(Effect)}."
        raise InvalidError(f"{expect[:40]!r} is no outcome", field="expect", remedy=remedy)
    who = _fields(value, "principal")
    facts = usual(
        _text(value, "action"),
        principal=str(who.get("type", "")),
        roles=_words(who, "roles") or (),
        teams=_words(who, "teams") or (),
        ids=(
            str(who.get("id", "somebody")),
            str(_fields(value, "resource").get("id", "something")),
            str(_fields(value, "system").get("id", "sys_usual")),
        ),
        given={
            "principal": {name: each for name, each in who.items() if name not in _OF_PRINCIPAL},
            **{
                part: {k: v for k, v in _fields(value, part).items() if k != "id"}
                for part in _PARTS
            },
        },
    )
    line, _ = written.place(path)
    return Case(
        named,
        facts,
        Effect(expect),
        _words(value, "remedies"),
        _words(value, "by"),
        file.name,
        line,
    )


def _text(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    if not isinstance(found, str) or not found.strip():
        raise InvalidError(f"{name} is missing", field=name, remedy=f"Write {name}: and a text.")
    return found.strip()


def _fields(value: dict[str, Any], name: str) -> dict[str, Any]:
    found = value.get(name, {})
    if not isinstance(found, dict):
        raise InvalidError(
            f"{name} is not a set of fields", field=name, remedy="Write name: value."
        )
    return found


def _words(value: dict[str, Any], name: str) -> tuple[str, ...] | None:
    found = value.get(name)
    if found is None:
        return None
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise InvalidError(f"{name} is not a list of words", field=name, remedy="Write [one, two].")
    return tuple(found)
