"""Where things are and who people are: what every verb of the registry asks first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from muniment import access
from muniment.access import EVERYTHING, Holder, HolderKind, Scope
from muniment.core.actor import ActorKind, system_actor
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.registry.models import System

T = TypeVar("T")
_LOOKING_UP: Final = system_actor("registry")
ADDRESS: Final = "/console/registry"


def place_of(system_id: str, environment: str = "") -> Scope:
    """Name a system, or one of its environments, as a place where something may be done."""
    if environment:
        return Scope.of(system=system_id, environment=environment)
    return Scope.of(system=system_id)


def is_by_itself(work: Work) -> bool:
    """Tell whether a part of the product acts, and no person."""
    return work.actor.kind is ActorKind.SYSTEM


def author_of(work: Work) -> str:
    """Name the human behind whoever acts; a part of the product stands for itself."""
    if is_by_itself(work):
        return work.actor.id
    return access.standing(work, work.actor).person_id or work.actor.id


def is_person(named: str) -> bool:
    """Tell whether an id is that of a person."""
    return named.startswith("per_")


def is_active(work: Work, person: str) -> bool:
    """Tell whether somebody is a person who could act now."""
    found = access.standing_of(work, Holder(HolderKind.PERSON, person))
    return found.person_id is not None and not found.problem


def id_at(work: Work, address: str) -> str:
    """Give the id of the person at an e-mail address; one nobody has stays what it is."""
    found = access.person_by_address(work.apart(_LOOKING_UP), address)
    return found.id if found is not None else address


def require_person(work: Work, named: str, field: str) -> str:
    """Take a person by their id or e-mail address, if they could act now.

    Whoever knows an address may name it, though they may not read the list of people.
    """
    if "@" in named:
        named = id_at(work, named)
    if not is_active(work, named):
        raise InvalidError(
            f"{named[:80]!r} is nobody who could act now",
            field=field,
            remedy="Name an active person by their id or e-mail address.",
        )
    return named


def visible(
    work: Work, rows: Sequence[T], systems: Iterable[str], permission: str = "registry.read"
) -> tuple[T, ...]:
    """Keep the rows whose system may be seen."""
    if access.may(work, work.actor, permission, EVERYTHING).ok:
        return tuple(rows)
    judged: dict[str, bool] = {}
    seen = []
    for row, system_id in zip(rows, systems, strict=True):
        if system_id not in judged:
            judged[system_id] = access.may(work, work.actor, permission, place_of(system_id)).ok
        if judged[system_id]:
            seen.append(row)
    return tuple(seen)


def href_of(system: System) -> str:
    """Give the page of a system."""
    return f"{ADDRESS}/systems/{system.id}"
