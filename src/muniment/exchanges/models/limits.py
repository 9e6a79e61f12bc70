"""What may be spent: limits by caller, team or system, and what one call claims of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ScopeKind(StrEnum):
    """What a limit counts together."""

    KEY = "key"
    TEAM = "team"
    SYSTEM = "system"
    DATASET = "dataset"
    EVERYTHING = "everything"


class Measure(StrEnum):
    """What is counted; cost in millionths of the currency of the price table."""

    REQUESTS = "requests"
    TOKENS = "tokens"
    COST = "cost"
    CONCURRENCY = "concurrency"


class Window(StrEnum):
    """How long is counted together, by the calendar of UTC; concurrency knows only now."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Limit:
    """So much of a measure in each window, and from which share on people are warned."""

    id: str
    scope: ScopeKind
    scope_id: str
    measure: Measure
    window: Window
    amount: int
    warn_percent: int = 80
    reason: str = ""
    changed_by: str = ""
    changed_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What one call may use at most, reserved before it leaves."""

    tokens: int = 0
    cost_micros: int = 0


@dataclass(frozen=True, slots=True)
class Reserved:
    """What a call holds of one limit in one window."""

    limit: str
    window: str
    amount: int


@dataclass(frozen=True, slots=True)
class Overrun:
    """The limit that a call would exceed, how much is left of it, and when it begins anew."""

    limit: Limit
    left: int
    wanted: int
    again_at: datetime | None


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a limit is used in its window of now."""

    limit: Limit
    used: int
    window: str
