"""Who there is: people, the services that answer to a person, and teams of both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

PersonId = NewType("PersonId", str)
ServiceId = NewType("ServiceId", str)
TeamId = NewType("TeamId", str)


class PersonState(StrEnum):
    """Where a person stands; only an active one can sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Person:
    """A human being; every account, key and service resolves to one."""

    id: PersonId
    name: str
    email: str
    state: PersonState
    created_at: datetime
    source: str = "local"
    left_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Identity:
    """A name under which somebody else vouches for a person: an issuer and its subject."""

    issuer: str
    subject: str
    person_id: PersonId
    linked_at: datetime


class ServiceKind(StrEnum):
    """What sort of program a service identity is."""

    APPLICATION = "application"
    AGENT = "agent"
    PIPELINE = "pipeline"


@dataclass(frozen=True, slots=True)
class Service:
    """A program that acts under its own name; `owner_id` is the person who answers for it."""

    id: ServiceId
    kind: ServiceKind
    name: str
    owner_id: PersonId
    active: bool
    created_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True)
class Team:
    """A group that can hold grants; its members hold them through it."""

    id: TeamId
    name: str
    created_at: datetime
    external_id: str = ""
    ended_at: datetime | None = None
    version: int = 1


class HolderKind(StrEnum):
    """What can hold a grant."""

    PERSON = "person"
    SERVICE = "service"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a grant."""

    kind: HolderKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind.value} {self.id}"


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody in a team, for a time; ended, never deleted."""

    id: str
    team_id: TeamId
    member: Holder
    joined_at: datetime
    left_at: datetime | None = None
