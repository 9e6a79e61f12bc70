"""Reads test sets, judges answers, and writes what an evaluation tells of itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Final

import re2

from muniment.core.digest import digest_bytes, digest_value
from muniment.core.errors import InvalidError
from muniment.registry.models import (
    Answered,
    CaseResult,
    EvaluationCase,
    EvaluationSet,
    Repeatable,
    Results,
    RunSort,
    Verdict,
)
from muniment.registry.rules.parts import judge_run, require_bound, require_part_name
from muniment.registry.rules.profiles import require_object, require_text

MAX_CASES: Final = 20_000
_TOLD_CASES: Final = 1_000
_MAX_INPUT: Final = 200_000
_SET: Final = ("name", "source", "collected_by", "redacted", "thresholds", "cases")
_CASE: Final = ("id", "input", "system", "expect")


def read_set(value: object) -> EvaluationSet:
    """Read a test set: where it comes from, what must be reached, and its cases."""
    given = require_object(value, "test set", _SET)
    cases = given.get("cases")
    if not isinstance(cases, (list, tuple)) or not cases:
        raise InvalidError("has no cases", field="cases", remedy="Write one at least.")
    if len(cases) > MAX_CASES:
        raise InvalidError(
            f"has {len(cases):,} cases", field="cases", remedy=f"{MAX_CASES:,} at most."
        )
    if type(given.get("redacted", False)) is not bool:
        raise InvalidError("is neither true nor false", field="redacted", remedy="Write true.")
    thresholds = require_object(
        given.get("thresholds", {}), "thresholds", ("pass_rate", "answered_rate")
    )
    read = tuple(_case(each, number) for number, each in enumerate(cases))
    if len({each.id for each in read}) < len(read):
        raise InvalidError("names a case twice", field="cases", remedy="Give each its own id.")
    return EvaluationSet(
        name=require_part_name(given.get("name")),
        source=require_text(given.get("source", ""), "source", empty=False),
        collected_by=require_text(given.get("collected_by", ""), "collected_by", empty=False),
        redacted=given.get("redacted", False) is True,
        thresholds={
            name: require_bound(bound, f"thresholds.{name}") for name, bound in thresholds.items()
        },
        cases=read,
        digest=digest_value([_plain(asdict(each)) for each in read]),
    )


def set_document(found: EvaluationSet) -> dict[str, Any]:
    """Write a test set as a version of a dataset: what it is, under the digest of its cases."""
    return {
        "source": found.source,
        "collected_by": found.collected_by,
        "cases": len(found.cases),
        "cases_digest": found.digest,
        "redacted": found.redacted,
        "thresholds": dict(found.thresholds),
    }


def judge_case(case: EvaluationCase, answered: Answered) -> CaseResult:
    """Judge an answer; where there is none, nobody could tell."""
    if answered.text is None:
        return CaseResult(case.id, None, "", answered.says[:200])
    text = answered.text.encode("utf-8", "replace").decode()  # half a character is none
    missed = [name for name, wanted in case.expect.items() if not _JUDGES[name](text, wanted)]
    says = f"not as expected: {', '.join(missed)}" if missed else ""
    return CaseResult(case.id, not missed, digest_bytes(text.encode()), says)


def run_set(found: EvaluationSet, ask: Callable[[EvaluationCase], Answered]) -> Results:
    """Ask every case of a candidate and judge what it says."""
    results, models = [], []
    for case in found.cases:
        answered = ask(case)
        results.append(judge_case(case, answered))
        models.append(answered.model)
    return Results(tuple(results), tuple(sorted({each for each in models if each})))


def metrics_of(results: Sequence[CaseResult]) -> dict[str, str]:
    """Give the rates; while a case was not answered, how many pass is not known."""
    answered = [each for each in results if each.passed is not None]
    rates = {"answered_rate": _rate(len(answered), len(results))}
    if len(answered) == len(results):
        rates["pass_rate"] = _rate(sum(each.passed is True for each in results), len(results))
    return rates


def verdict_of(found: EvaluationSet, outcome: Results) -> tuple[Verdict, str]:
    """Say whether the thresholds of a set are reached."""
    told = {"metrics": metrics_of(outcome.results), "thresholds": dict(found.thresholds)}
    return judge_run(RunSort.EVALUATION, told)


def results_digest(results: Iterable[CaseResult]) -> str:
    """Fingerprint how every case came out, by its answer."""
    return digest_value([[each.id, each.passed, each.output_digest] for each in results])


def evaluation_document(
    found: EvaluationSet,
    outcome: Results,
    *,
    part: Mapping[str, Any],
    candidate: Mapping[str, str],
    repeat: Repeatable,
) -> dict[str, Any]:
    """Write what an evaluation tells of itself: cases by their digests, never their content."""
    told = [[each.id, each.passed, each.output_digest] for each in outcome.results]
    document: dict[str, Any] = {
        "metrics": metrics_of(outcome.results),
        "thresholds": dict(found.thresholds),
        "redacted": found.redacted,
        "test_set": dict(part),
        "candidate": {**candidate, "reported": list(outcome.models)},
        "cases": len(outcome.results),
        "results_digest": results_digest(outcome.results),
        "results": told[:_TOLD_CASES],
        "failed": [each.id for each in outcome.results if each.passed is False][:_TOLD_CASES],
    }
    return {**document, **repeat_document(repeat)}


def repeat_document(repeat: Repeatable) -> dict[str, Any]:
    """Write what it takes to run it again; what is not known is left out."""
    told: dict[str, Any] = {
        "command": list(repeat.command),
        "commit": repeat.commit,
        "environment_lock": repeat.environment_lock,
        "seed": repeat.seed,
        "outputs": dict(repeat.outputs),
    }
    return {name: value for name, value in told.items() if value not in (None, "", [], {})}


def results_text(found: EvaluationSet, outcome: Results) -> str:
    """Write the results as a file that is the same whenever the answers are."""
    told = {
        "test_set": found.digest,
        "metrics": metrics_of(outcome.results),
        "results": [[each.id, each.passed, each.output_digest] for each in outcome.results],
    }
    return json.dumps(told, indent=1, sort_keys=True) + "\n"


def _case(value: object, number: int) -> EvaluationCase:
    where = f"cases[{number}]"
    given = require_object(value, where, _CASE)
    expect = require_object(given.get("expect"), f"{where}.expect", tuple(_JUDGES))
    if not expect:
        raise InvalidError(
            "expects nothing", field=f"{where}.expect", remedy=f"Use {', '.join(_JUDGES)}."
        )
    for name, wanted in expect.items():
        _require_wanted(name, wanted, f"{where}.expect.{name}")
    return EvaluationCase(
        id=require_part_name(str(given.get("id", "")), f"{where}.id"),
        input=require_text(given.get("input"), f"{where}.input", longest=_MAX_INPUT, empty=False),
        system=require_text(given.get("system", ""), f"{where}.system", longest=_MAX_INPUT),
        expect=dict(expect),
    )


def _require_wanted(name: str, wanted: object, field: str) -> None:
    if name == "json":
        return
    words = wanted if isinstance(wanted, (list, tuple)) else [wanted]
    if not words or any(not isinstance(each, str) or not each for each in words):
        raise InvalidError("is no text", field=field, remedy="Write a text, or a list of texts.")
    if name == "matches":
        for each in words:
            try:
                re2.compile(each)
            except re2.error as error:
                raise InvalidError(
                    f"is no pattern: {error}", field=field, remedy="Use RE2's syntax."
                ) from error


def _words(wanted: object) -> list[str]:
    return [str(each) for each in wanted] if isinstance(wanted, (list, tuple)) else [str(wanted)]


def _is_json(text: str, wanted: object) -> bool:
    try:
        return bool(json.loads(text) == wanted)
    except (ValueError, RecursionError):
        return False


_JUDGES: Final[Mapping[str, Callable[[str, Any], bool]]] = {
    "equals": lambda text, wanted: text.strip() in {each.strip() for each in _words(wanted)},
    "contains": lambda text, wanted: all(
        each.casefold() in text.casefold() for each in _words(wanted)
    ),
    "not_contains": lambda text, wanted: all(
        each.casefold() not in text.casefold() for each in _words(wanted)
    ),
    "matches": lambda text, wanted: all(re2.search(each, text) for each in _words(wanted)),
    "json": _is_json,
}


def _rate(part: int, whole: int) -> str:
    return f"{Decimal(part) / Decimal(whole):.4f}"


def _plain(value: object) -> Any:  # noqa: ANN401 any JSON
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, float) else value
