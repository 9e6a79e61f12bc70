"""Whom to tell of what, how, and how it fared.

A route turns a record of the ledger into a group: one matter that several people are told of, with
a count of how often it happened while the group was open. A message carries one or more groups over
one channel. What is told is a title, a kind, ids and a link; never content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much something matters: to know, to look at, to act on at once."""

    INFO = "info"
    LOOK = "look"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """Give its place among the three; urgent is the highest."""
        return list(Severity).index(self)


class MessageState(StrEnum):
    """How a message stands: it waits, was delivered, will be tried later, or never arrives."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    TRY_LATER = "try_later"
    NEVER = "never"

    @property
    def is_final(self) -> bool:
        """Tell whether nothing more will be tried."""
        return self in (MessageState.DELIVERED, MessageState.NEVER)


class SubscriberKind(StrEnum):
    """Who takes notices over a channel: one person at their own address, or a role's shared one."""

    PERSON = "person"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Route:
    """Which records are told to whom.

    `to` names `role:…`, `person:…`, `permission:…`, `field:…` (a field of the record that names
    people) or `roles:…` (a field that names roles). Whom the fields of `but` name is not told.
    `when` names a field and the values it must have; no values mean: something. A record that
    `settles` it (a kind, or `kind:state`) makes telling needless. When nobody looks for
    `escalate_seconds`, holders of the role `escalate_to` are told too.
    """

    name: str
    kinds: tuple[str, ...]
    severity: Severity
    title: str
    to: tuple[str, ...]
    but: tuple[str, ...] = ()
    when: tuple[str, tuple[str, ...]] = ("", ())
    href: str = ""
    group_seconds: int = 60
    escalate_seconds: int = 0
    escalate_to: str = ""
    settles: tuple[str, ...] = ()
    active: bool = True
    built_in: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as notices see it."""

    kind: str
    subject: tuple[str, str]
    body: Mapping[str, Any]
    entry: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Targets:
    """Whom an event is told to: people, and the roles whose shared channels hear it."""

    people: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """One matter people are told of, and what came of it; events of its key are counted in it."""

    id: str
    route: str
    kind: str
    severity: Severity
    subject: tuple[str, str]
    title: str
    href: str
    roles: tuple[str, ...]
    entry: int
    opened_at: datetime
    send_at: datetime
    streak: int = 0
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    escalate_at: datetime | None = None
    escalate_to: str = ""
    escalated_at: datetime | None = None
    seen_at: datetime | None = None
    seen_by: str = ""
    count: int = 1
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """That one person is told of one matter; their line in the inbox."""

    id: str
    group_id: str
    person: str
    why: str
    told_at: datetime
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach people outside: through which plug-in, to where; its target is kept sealed.

    A personal channel has no place of its own: each person gives an address, which stands for
    `{to}` in its target.
    """

    id: str
    name: str
    via: str
    personal: bool
    least: Severity
    active: bool
    made_at: datetime
    key_id: str = field(default="", repr=False)
    sealed: str = field(default="", repr=False)
    signs: bool = False
    old_until: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Subscription:
    """That somebody takes notices over a channel; a person's address is sealed and erasable."""

    id: str
    channel_id: str
    kind: SubscriberKind
    holder: str
    least: Severity
    made_at: datetime
    key_id: str = field(default="", repr=False)
    sealed: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a channel keeps sealed: its target, the key that signs, and the one before it."""

    target: str = field(repr=False)
    secret: str = field(default="", repr=False)
    old_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Hours:
    """When a person is left alone: minutes of the day in their zone, up to which severity."""

    person: str
    zone: str
    starts: int
    ends: int
    weekends: bool = False
    holds: Severity = Severity.LOOK

    @property
    def holds_anything(self) -> bool:
        """Tell whether there are quiet hours at all."""
        return self.starts != self.ends or self.weekends


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message over one channel: which groups it carries, and how it fared so far."""

    id: str
    channel_id: str
    subscription_id: str
    person: str
    severity: Severity
    state: MessageState
    attempts: int
    made_at: datetime
    next_at: datetime
    why: str = ""
    ended_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of somebody's inbox: the matter, and their own telling of it."""

    group: Group
    telling: Telling
    messages: tuple[Outgoing, ...] = ()
