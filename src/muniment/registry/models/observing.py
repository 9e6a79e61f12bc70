"""What was observed beside what is declared: by traffic, by predictions, by hosts that sign.

An observation never changes what is declared. Where the two differ, both are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from muniment.registry.models.serving import Source


class Means(StrEnum):
    """By what something was observed."""

    TRAFFIC = "traffic"
    PREDICTION = "prediction"
    HEARTBEAT = "heartbeat"


@dataclass(frozen=True, slots=True)
class Observed:
    """A stretch of time in which something was seen again and again."""

    sighting_id: str
    number: int
    starts_at: datetime
    ends_at: datetime
    count: int
    means: Means = Means.TRAFFIC
    entry: int = -1
    last_entry: int = -1


@dataclass(frozen=True, slots=True)
class Host:
    """A host that runs a system in an environment, and the key it signs with."""

    id: str
    system_id: str
    environment: str
    name: str
    fingerprint: str
    public_key: str
    author: str
    made_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of time in which a host told, again and again, that it runs exactly this set."""

    host_id: str
    number: int
    set_digest: str
    starts_at: datetime
    ends_at: datetime
    count: int
    record_id: str
    last_record_id: str


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a host says it runs at a moment; its signature is looked at before it is believed."""

    host_id: str
    set_digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Observation:
    """An interval in which something was observed to serve: what, from when to when, by what.

    `label` and `version` name the registered version it is, if it is one. `record` is the entry of
    the ledger that told of it first: its id, or its place.
    """

    system_id: str
    environment: str
    means: Means
    what: str
    starts_at: datetime
    ends_at: datetime
    count: int
    record: str
    label: str = ""
    version: int | None = None
    digest: str = ""
    set_digest: str = ""
    reported: str = ""
    witness: str = ""
    source: Source = Source.OBSERVED

    @property
    def name(self) -> str:
        """Name the version that it is of, or what was seen."""
        return f"{self.label} {self.version}" if self.version is not None else self.what

    @property
    def by(self) -> str:
        """Say by what it was observed, for people."""
        return f"{self.means.value} of {self.witness}" if self.witness else self.means.value
