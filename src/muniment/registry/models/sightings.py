"""What was seen in traffic, whether the registry knows it, and what was decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SightingSort(StrEnum):
    """What was seen."""

    MODEL = "model"
    PROMPT = "prompt"
    TOOL = "tool"


class SightingStanding(StrEnum):
    """What the registry said of it when it was seen first."""

    SERVES = "serves"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


class SightingState(StrEnum):
    """Whether anybody has to look at it."""

    OPEN = "open"
    KNOWN = "known"
    REGISTERED = "registered"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a record of traffic says was seen."""

    system: str
    environment: str
    sort: SightingSort
    name: str
    digest: str
    reported: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """One thing that was seen in an environment, from the first time on."""

    id: str
    system_id: str
    environment: str
    sort: SightingSort
    name: str
    digest: str
    reported: str
    standing: SightingStanding
    state: SightingState
    first_seen_at: datetime
    reported_before: str = ""
    reason: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None

    @property
    def what(self) -> str:
        """Name it for people."""
        return self.name or self.digest

    @property
    def finding(self) -> str:
        """Say what is wrong with it, in a word, or nothing."""
        if self.standing is SightingStanding.UNKNOWN:
            return "unregistered"
        if self.reported_before:
            return "provider_changed"
        return "not_serving" if self.standing is SightingStanding.ELSEWHERE else ""


@dataclass(frozen=True, slots=True)
class Unseen:
    """A registered version that was never seen in traffic."""

    label: str
    number: int
    digest: str
    serves: bool


@dataclass(frozen=True, slots=True)
class Completeness:
    """How registry and traffic compare: what is seen and open, what is registered and unseen."""

    system_id: str
    open: int
    settled: int
    unseen: tuple[Unseen, ...]
    sees_traffic: bool
