"""Who sees calls: all of them who reads over the area, else those of the systems one has."""

from __future__ import annotations

from typing import Final

from muniment import access
from muniment.access import Scope
from muniment.core.actor import ActorKind
from muniment.db import Work

AREA: Final = Scope.of(console="exchanges")
READ: Final = "exchanges.read"


def require_seen(work: Work, system: str) -> None:
    """Let the actor see calls of a system, or refuse with reasons."""
    if not access.may(work, work.actor, READ, AREA).ok:
        access.require(work, READ, Scope.of(system=system))


def systems_seen(work: Work) -> frozenset[str] | None:
    """Name the systems whose calls the actor sees; nothing named means all."""
    if work.actor.kind is ActorKind.SYSTEM or access.may(work, work.actor, READ, AREA).ok:
        return None
    standing = access.standing(work, work.actor)
    scopes = [grant.scope for grant, _role in standing.grants]
    scopes.append(standing.limits[1])  # a key may be for one system of somebody who sees all
    named = {scope.place("system") for scope in scopes} - {""}
    return frozenset(
        each for each in named if access.may(work, work.actor, READ, Scope.of(system=each)).ok
    )
