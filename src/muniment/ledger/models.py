"""The nouns of the log: what is written, what comes back, and how far it is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from muniment.core.actor import Actor
from muniment.core.clock import parse_stamp, stamp

ENTRY_VERSION = 1


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry about to be written."""

    kind: str
    id: str
    at: datetime
    actor: Actor
    subject: Mapping[str, str] | None
    body: Mapping[str, Any]
    producer: str
    seq: int
    changes: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    happened_at: datetime | None = None
    content: tuple[Mapping[str, str | int], ...] = ()

    def as_value(self) -> dict[str, Any]:
        """Give the JSON value that is made canonical, hashed and sealed."""
        value: dict[str, Any] = {
            "v": ENTRY_VERSION,
            "kind": self.kind,
            "id": self.id,
            "at": stamp(self.at),
            "actor": self.actor.as_record(),
            "subject": dict(self.subject) if self.subject is not None else None,
            "body": dict(self.body),
            "producer": self.producer,
            "seq": self.seq,
        }
        if self.changes:
            value["changes"] = {table: dict(rows) for table, rows in self.changes.items()}
        if self.content:
            value["content"] = [dict(one) for one in self.content]
        if self.flags:
            value["flags"] = list(self.flags)
        if self.happened_at is not None:
            value["happened_at"] = stamp(self.happened_at)
        return value


class _Body(msgspec.Struct):
    body: msgspec.Raw


_read_body = msgspec.json.Decoder(_Body).decode


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands in the log: its place, its exact bytes, and what they say."""

    index: int
    data: bytes
    value: Mapping[str, Any]

    @property
    def body_text(self) -> str:
        """The facts as they stand in the entry, which is canonical, for searching."""
        return bytes(_read_body(self.data).body).decode()

    @property
    def id(self) -> str:
        """Its own id."""
        return str(self.value["id"])

    @property
    def kind(self) -> str:
        """What happened: room.verb_past."""
        return str(self.value["kind"])

    @property
    def at(self) -> datetime:
        """When it happened, by the producer's clock."""
        return parse_stamp(str(self.value["at"]))

    @property
    def actor(self) -> Mapping[str, str]:
        """Who did it."""
        actor: Mapping[str, str] = self.value["actor"]
        return actor

    @property
    def subject(self) -> Mapping[str, str] | None:
        """What it was done to."""
        subject: Mapping[str, str] | None = self.value["subject"]
        return subject

    @property
    def body(self) -> Mapping[str, Any]:
        """The facts."""
        body: Mapping[str, Any] = self.value["body"]
        return body


class Standing(StrEnum):
    """How a row stands to what the log says of it."""

    EDITED = "edited"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that was changed outside the product."""

    table: str
    key: str
    standing: Standing
    entry: int | None

    def __str__(self) -> str:
        last = f", last recorded in entry {self.entry}" if self.entry is not None else ""
        return f"{self.table} {self.key} was {self.standing} outside the product{last}"


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What comparing the tables with the log found."""

    rows: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class LogStatus:
    """How the log stands: sealed, waiting, signed by which key, and whether it is sound."""

    installation: str
    origin: str
    vkey: str
    size: int
    waiting: int
    signed_at: datetime
    indexed: int
    broken: str = ""


class HealthState(StrEnum):
    """What the last look at the log found."""

    VERIFIED = "verified"
    LATE = "late"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LogHealth:
    """The log in one line, from memory."""

    state: HealthState
    size: int
    waiting: int
    verified_at: datetime | None
