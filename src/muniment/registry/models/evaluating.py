"""A versioned test set, what a candidate answered to it, and how a run comes out a second time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from muniment.registry.models.changes import Verdict


@dataclass(frozen=True, slots=True)
class EvaluationCase:
    """One question, and what must be true of the answer."""

    id: str
    input: str
    expect: Mapping[str, Any]
    system: str = ""


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Cases under one digest, where they come from, and what must be reached with them."""

    name: str
    source: str
    collected_by: str
    redacted: bool
    thresholds: Mapping[str, str]
    cases: tuple[EvaluationCase, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What a candidate said, and as which model; without a text it did not answer."""

    text: str | None
    model: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case came out: passed, failed, or nobody could tell."""

    id: str
    passed: bool | None
    output_digest: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """Every case of a set as a candidate answered it."""

    results: tuple[CaseResult, ...]
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeatable:
    """What it takes to run something again in the same way."""

    command: tuple[str, ...] = ()
    commit: str = ""
    environment_lock: str = ""
    seed: int | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compared:
    """How one thing of a run came out the second time."""

    name: str
    verdict: Verdict
    says: str


@dataclass(frozen=True, slots=True)
class Reproduction:
    """How a run came out the second time: the same, differs in something, or could not tell."""

    run_id: str
    verdict: Verdict
    says: str
    parts: tuple[Compared, ...]
