"""The nouns of exchanges."""

from muniment.exchanges.models.calls import (
    Attempt,
    Exchange,
    Inspected,
    Intent,
    Judgement,
    Origin,
    Outcome,
    Reached,
    Refusal,
    State,
    SubjectSource,
    Wanted,
)
from muniment.exchanges.models.limits import (
    Claim,
    Limit,
    Measure,
    Overrun,
    Reserved,
    ScopeKind,
    Use,
    Window,
)
from muniment.exchanges.models.stops import Stop, StopKind

__all__ = [
    "Attempt",
    "Claim",
    "Exchange",
    "Inspected",
    "Intent",
    "Judgement",
    "Limit",
    "Measure",
    "Origin",
    "Outcome",
    "Overrun",
    "Reached",
    "Refusal",
    "Reserved",
    "ScopeKind",
    "State",
    "Stop",
    "StopKind",
    "SubjectSource",
    "Use",
    "Wanted",
    "Window",
]
