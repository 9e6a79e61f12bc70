"""What served: intervals in which exact version sets shared the traffic of an environment.

An interval has two times. From `starts_at` to `ends_at` it was so; from `recorded_at` on we knew
it, and from `corrected_at` on we know better. A correction adds rows and never rewrites one.
Intervals of one environment that are known at the same moment do not overlap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from muniment.registry.models.systems import System, SystemState

if TYPE_CHECKING:
    from muniment.registry.models.observing import Observation


class Source(StrEnum):
    """How we know that something served."""

    DECLARED = "declared"
    OBSERVED = "observed"
    ASSERTED = "asserted"


class Cause(StrEnum):
    """Why an interval began."""

    PROMOTION = "promotion"
    ROLLBACK = "rollback"
    EMERGENCY = "emergency"
    CORRECTION = "correction"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Share:
    """So many per cent of the traffic went to this set, by this change."""

    set_digest: str
    percent: int
    change_id: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """An interval in which exact sets served an environment."""

    id: str
    system_id: str
    environment: str
    shares: tuple[Share, ...]
    starts_at: datetime
    recorded_at: datetime
    cause: Cause
    source: Source = Source.DECLARED
    reason: str = ""
    author: str = ""
    record_id: str = ""
    ends_at: datetime | None = None
    end_recorded_at: datetime | None = None
    end_record_id: str = ""
    corrects: str = ""
    corrected_at: datetime | None = None

    @property
    def whole(self) -> str:
        """Give the set that had all of the traffic, or nothing."""
        return self.shares[0].set_digest if len(self.shares) == 1 else ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time with what served in it, as a correction states it."""

    shares: tuple[Share, ...]
    starts_at: datetime
    ends_at: datetime | None
    source: Source
    cause: Cause


@dataclass(frozen=True, slots=True)
class Served:
    """One version that served: its part, number, digest and content."""

    label: str
    number: int
    digest: str
    document: Mapping[str, Any]
    asserted: bool


@dataclass(frozen=True, slots=True)
class Approval:
    """By whom a change was approved, as the approvals room tells."""

    change_id: str
    title: str
    author: str
    request_id: str
    state: str
    approved_by: tuple[str, ...]
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Suspension:
    """A time in which a system was suspended: what is declared then served nobody."""

    id: str
    system_id: str
    starts_at: datetime
    reason: str
    author: str
    record_id: str = ""
    ends_at: datetime | None = None
    end_record_id: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """What served an environment at a moment, as it was known at another."""

    system_id: str
    key: str
    environment: str
    at: datetime
    known_at: datetime
    deployment: Deployment | None
    versions: Mapping[str, tuple[Served, ...]]
    approvals: Mapping[str, Approval]
    observed: tuple[Observation, ...] = ()
    conflicts: tuple[str, ...] = ()
    suspended: Suspension | None = None


@dataclass(frozen=True, slots=True)
class Serving:
    """What serves an environment just now, as a gateway reads it."""

    system_id: str
    key: str
    environment: str
    state: SystemState
    deployment_id: str
    shares: tuple[Share, ...]
    versions: Mapping[str, Mapping[str, str]]
    version: int

    def chosen(self, point: int) -> str:
        """Choose a set for a point from 0 to 99, so that each set gets its share."""
        reached = 0
        for share in self.shares:
            reached += share.percent
            if point < reached:
                return share.set_digest
        return ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a set is made of, word for word, and what is stated of its system just now."""

    system: System
    set_digest: str
    documents: Mapping[str, Mapping[str, Any]]

    def of(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """Give the documents of one kind of part, by the name of the part."""
        start = f"{kind}/"
        return {
            label.removeprefix(start): each
            for label, each in self.documents.items()
            if label.startswith(start)
        }
