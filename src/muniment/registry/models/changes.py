"""A change request: from a draft by way of checks and a yes to every environment, or back.

What is approved is the digest of the version set together with where it may go. A change that
touches one part more is another digest, and so another question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal

Verdict = Literal["met", "not_met", "could_not_tell"]

DEPLOY: Final = "registry.deploy"
EMERGENCY: Final = "registry.emergency"
REVIEW: Final = "registry.review"


class ChangeState(StrEnum):
    """Where a change request stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    APPROVED = "approved"
    RELEASING = "releasing"
    DONE = "done"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    ROLLED_BACK = "rolled_back"


OPEN_STATES: Final = (
    ChangeState.DRAFT,
    ChangeState.WAITING,
    ChangeState.APPROVED,
    ChangeState.RELEASING,
)


class ChangeSort(StrEnum):
    """Which path a change takes: a yes first, or in an emergency the review after."""

    NORMAL = "normal"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change came from: its ticket, its commit, its pull request."""

    ticket: str = ""
    commit: str = ""
    pull_request: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder: an environment, and the share of its traffic in per cent."""

    environment: str
    percent: int

    def __str__(self) -> str:
        return f"{self.environment}:{self.percent}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, with one of three answers."""

    name: str
    verdict: Verdict
    says: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What somebody or another room reported about exactly this digest."""

    id: str
    system_id: str
    about: str
    name: str
    verdict: Verdict
    says: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A change of what serves: to exactly this set, from exactly that one."""

    id: str
    system_id: str
    title: str
    reason: str
    author: str
    sort: ChangeSort
    set_digest: str
    base: Mapping[str, str]
    state: ChangeState
    made_at: datetime
    updated_at: datetime
    origin: Origin = Origin()
    findings: tuple[Finding, ...] = ()
    request_id: str = ""
    review_id: str = ""
    reached: tuple[Step, ...] = ()
    revision: int = 1

    def document(self) -> dict[str, Any]:
        """Give exactly what a yes allows."""
        return {
            "change": self.id,
            "system": self.system_id,
            "set": self.set_digest,
            "from": dict(self.base),
            "sort": self.sort.value,
        }


@dataclass(frozen=True, slots=True)
class Freeze:
    """A time in which nothing new is released; empty places mean everywhere."""

    id: str
    system_id: str
    environment: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    author: str
    lifted_at: datetime | None = None

    def holds(self, system_id: str, environment: str, at: datetime) -> bool:
        """Tell whether it stands in the way there and then."""
        lifted = self.lifted_at is not None and self.lifted_at <= at
        there = self.system_id in ("", system_id) and self.environment in ("", environment)
        return there and not lifted and self.starts_at <= at < self.ends_at
