"""What a directory tells us of people and teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from muniment.access.models.who import Person, Team


@dataclass(frozen=True, slots=True)
class Entry:
    """What a directory told beside what we keep ourselves: its own id, and its own name."""

    id: str
    resource: str
    external_id: str = ""
    user_name: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ToldPerson:
    """A person as a directory wants them to be."""

    user_name: str
    name: str
    email: str = ""
    active: bool = True
    external_id: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToldTeam:
    """A team as a directory wants it to be; `members` are ids of people."""

    name: str
    external_id: str = ""
    members: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person as a directory may see them."""

    person: Person
    entry: Entry
    teams: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class KnownTeam:
    """A team as a directory may see it."""

    team: Team
    entry: Entry
    members: tuple[tuple[str, str], ...] = ()
