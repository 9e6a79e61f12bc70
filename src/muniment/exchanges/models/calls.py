"""One call: what was about to leave, how it ended, and what the index says of it.

Values hold ids, digests, numbers and short words; what was said lies in the vault or nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec import field as filled

COST_UNKNOWN: Final = -1
"""Nobody can tell what it cost: no price is known, or its end is not. It is never nought."""


class State(StrEnum):
    """Where a call stands; an open one has left and its end is not known yet."""

    OPEN = "open"
    ANSWERED = "answered"
    FAILED = "failed"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Reached(StrEnum):
    """How much of an answer reached the caller."""

    NONE = "none"
    PART = "part"
    WHOLE = "whole"


class Inspected(StrEnum):
    """How much of a text was looked at; what was not is never called clean."""

    WHOLE = "whole"
    PART = "part"
    NOT = "not"


class SubjectSource(StrEnum):
    """How it is known whose data a call carries."""

    SIGNED = "signed"
    ASSERTED = "asserted"
    KEY = "key"
    NONE = "none"


class Origin(Struct, frozen=True):
    """Where a call comes from and belongs to."""

    exchange: str
    system: str
    environment: str
    key: str
    surface: str
    subject: str = ""
    subject_source: SubjectSource = SubjectSource.NONE


class Judgement(Struct, frozen=True):
    """What was found in one direction and what was decided about it."""

    inspected: Inspected = Inspected.NOT
    detector: str = ""
    findings: Mapping[str, int] = filled(default_factory=dict)
    effect: str = ""
    decision: str = ""
    policy: int = 0
    remedies: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


class Intent(Struct, frozen=True):
    """A call that is about to leave: where it may go, in order, and what it may cost."""

    origin: Origin
    model: str
    routes: tuple[str, ...]
    set_digest: str
    request: str
    request_key: str
    prompt: str
    judged: Judgement
    streamed: bool = False
    took: Mapping[str, int] = filled(default_factory=dict)
    left_out: tuple[str, ...] = ()
    shadow: str = ""
    exception: str = ""
    approval: str = ""


class Attempt(Struct, frozen=True):
    """One sending of a call over one route."""

    route: str
    status: int
    milliseconds: int
    problem: str = ""


class Outcome(Struct, frozen=True):
    """How a call ended; `took` says in microseconds how long each stage took, by its name.

    Of `tools`, those that did not go on to the caller with the rest are `kept_back`.
    """

    exchange: str
    system: str
    state: State
    status: int
    reached: Reached
    attempts: tuple[Attempt, ...] = ()
    provider_model: str = ""
    answer: str = ""
    answer_key: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micros: int = COST_UNKNOWN
    milliseconds: int = 0
    tools: tuple[str, ...] = ()
    problem: str = ""
    judged: Judgement = filled(default_factory=Judgement)
    took: Mapping[str, int] = filled(default_factory=dict)
    fallback: str = ""
    exception: str = ""
    approval: str = ""
    released: str = ""
    kept_back: tuple[str, ...] = ()

    @property
    def told_attempts(self) -> tuple[Mapping[str, str | int], ...]:
        """Give the attempts as they stand in a record."""
        return tuple(
            [
                {
                    "route": each.route,
                    "status": each.status,
                    "milliseconds": each.milliseconds,
                    "problem": each.problem,
                }
                for each in self.attempts
            ]
        )


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """An answer that is kept back until a person says yes to tools that it wants called."""

    exchange: str
    system: str
    environment: str
    approval: str
    tools: tuple[str, ...]
    arguments: tuple[str, ...]
    arguments_key: str


class Refusal(Struct, frozen=True):
    """A call that was stopped before anything left; `took` as in an outcome."""

    origin: Origin
    model: str
    stage: str
    code: str
    status: int
    judged: Judgement = filled(default_factory=Judgement)
    took: Mapping[str, int] = filled(default_factory=dict)
    left_out: tuple[str, ...] = ()
    approval: str = ""


@dataclass(frozen=True, slots=True)
class Shadow:
    """What another route made of a call, next to what was given; `same` is one of three answers."""

    exchange: str
    system: str
    route: str
    status: int = 0
    problem: str = ""
    same: str = "could_not_tell"
    answer: str = ""
    answer_key: str = ""
    length: int = 0
    served_length: int = 0
    milliseconds: int = 0
    served_milliseconds: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micros: int = COST_UNKNOWN
    inspected: Inspected = Inspected.NOT
    findings: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call as the index knows it; the entries it names are the proof.

    `inspected` is the lesser of what was looked at in both directions, and `code` says in a word
    why it was refused or failed.
    """

    id: str
    system: str
    environment: str
    caller: str
    key: str
    surface: str
    model: str
    provider_model: str
    set_digest: str
    prompt: str
    subject: str
    state: State
    status: int
    reached: Reached
    effect: str
    findings: int
    input_tokens: int
    output_tokens: int
    cost_micros: int
    milliseconds: int
    began_at: datetime
    ended_at: datetime | None
    first_entry: int
    last_entry: int
    inspected: str = ""
    code: str = ""

    @property
    def uninspected(self) -> bool:
        """Tell whether something of it left or came back without having been looked at."""
        return self.state is not State.REFUSED and self.inspected != Inspected.WHOLE.value


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls somebody asks for; what is empty does not matter."""

    system: str = ""
    environment: str = ""
    caller: str = ""
    code: str = ""
    uninspected: bool = False
    state: str = ""
    model: str = ""
    key: str = ""
    subject: str = ""
    effect: str = ""
    prompt: str = ""
    since: datetime | None = None
    until: datetime | None = None
