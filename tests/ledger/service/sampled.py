"""Record kinds and actors that only these tests know; no public dictionary lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from muniment.core.actor import Actor, ActorKind
from muniment.ledger.kinds import base
from muniment.ledger.kinds.base import kind

INES = Actor(ActorKind.PERSON, "per_ines", "session", "grant_owner")
ROBOT = Actor(ActorKind.SERVICE, "svc_robot")


@kind("sampled.counted", subject=("thing", "thing"))
@dataclass(frozen=True, slots=True)
class Counted:
    """A thing was counted."""

    thing: str
    place: int
    what: Any = None


@kind("sampled.told")
@dataclass(frozen=True, slots=True)
class Told:
    """Something was told, about nothing in particular."""

    facts: Mapping[str, Any]


@kind("sampled.moved", covers=("ledger_keys",))
@dataclass(frozen=True, slots=True)
class Moved:
    """A row was moved, so this may only be recorded with that change."""

    thing: str


for each in (Counted, Told, Moved):
    del base._KINDS[base.kind_of(object.__new__(each)).name]
