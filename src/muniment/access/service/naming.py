"""What belongs to whom, and how it is called: for pages that show ids as names."""

from __future__ import annotations

from collections.abc import Iterable

from muniment.access import store
from muniment.access.models import Holder, Membership, Service
from muniment.access.service.gate import require
from muniment.access.service.reading import AREA
from muniment.db import Work

_READ = "access.read"


def names(work: Work, ids: Iterable[str]) -> dict[str, str]:
    """Give the names of people, services and teams by their ids; what is unknown is left out."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    if wanted != [work.actor.id]:
        require(work, _READ, AREA)
    found: dict[str, str] = {}
    found.update((each.id, each.name) for each in store.people_named(work, wanted).values())
    found.update((each.id, each.name) for each in store.services_named(work, wanted).values())
    found.update((each.id, each.name) for each in store.teams_named(work, wanted).values())
    return found


def teams_in(work: Work, holder: Holder) -> tuple[Membership, ...]:
    """List the teams somebody is in now."""
    if holder.id != work.actor.id:
        require(work, _READ, AREA)
    return store.teams_of(work, [holder], work.now)


def services_owned(work: Work, person_id: str) -> tuple[Service, ...]:
    """List the services a person answers for."""
    if person_id != work.actor.id:
        require(work, _READ, AREA)
    return store.services_of(work, person_id)
