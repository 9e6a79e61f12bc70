"""The corridor of one call: its stages, and what is known of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from muniment.exchanges.models.calls import Exchange


class Stage(StrEnum):
    """The stages in their order; a record names one of these, or the first word of it."""

    RECEIVE = "receive"
    IDENTIFY = "identify"
    RESOLVE = "resolve"
    LIMIT = "limit"
    INSPECT_PROMPT = "inspect_prompt"
    DECIDE_PROMPT = "decide_prompt"
    PROTECT_PROMPT = "protect_prompt"
    INTEND = "intend"
    FORWARD = "forward"
    INSPECT_ANSWER = "inspect_answer"
    DECIDE_ANSWER = "decide_answer"
    PROTECT_ANSWER = "protect_answer"
    RECORD = "record"
    REPLY = "reply"


class Passed(StrEnum):
    """How a call went through a stage."""

    PASSED = "passed"
    CHANGED = "changed"
    STOPPED = "stopped"
    NOT_REACHED = "not_reached"
    UNKNOWN = "could_not_tell"


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of one call: how it went, in words, how long it took, and where it is recorded."""

    stage: Stage
    how: Passed
    says: str
    micros: int | None = None
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An entry of the log about a call."""

    index: int
    id: str
    kind: str
    at: datetime
    leaf: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ruled:
    """A decision about one direction of a call: the reasons, as far as they may be seen."""

    direction: str
    decision: str
    effect: str
    policy: int
    says: str
    reasons: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()
    findings: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A request for somebody's yes about a call, and how it stands."""

    request: str
    title: str
    state: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """One call with everything that is recorded of it."""

    exchange: Exchange
    steps: tuple[Step, ...]
    written: tuple[Written, ...]
    ruled: tuple[Ruled, ...] = ()
    agreed: tuple[Agreed, ...] = ()

    def body(self, *kinds: str) -> Mapping[str, Any]:
        """Give the facts of the entry of a kind, or none."""
        return next((each.body for each in self.written if each.kind in kinds), {})


class Matching(StrEnum):
    """Whether a text is the one a call carried."""

    MATCHES = "matches"
    DIFFERS = "does_not_match"
    COULD_NOT_TELL = "could_not_tell"


@dataclass(frozen=True, slots=True)
class Matched:
    """The answer about a disputed text, and why."""

    exchange: str
    direction: str
    answer: Matching
    says: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How the calls since a moment ended, and how many left without having been looked at."""

    since: datetime
    counts: Mapping[str, int]
    uninspected: int

    @property
    def total(self) -> int:
        """Count all of them."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Tally:
    """How many calls there were, what was found in them, how many were refused or made safe."""

    calls: int = 0
    findings: int = 0
    refused: int = 0
    cured: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Count both together."""
        return Tally(
            self.calls + other.calls,
            self.findings + other.findings,
            self.refused + other.refused,
            self.cured + other.cured,
        )
