"""Who holds a role or may do something at a place now: for rooms that tell or ask people."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from muniment.access import rules, store
from muniment.access.models import (
    EVERYTHING,
    Holder,
    HolderKind,
    PersonState,
    Role,
    Scope,
)
from muniment.access.service.gate import all_roles
from muniment.db import Work


def who_holds(work: Work, role: str, scope: Scope = EVERYTHING) -> tuple[str, ...]:
    """List the active people who hold a role that reaches a place; programs are not people."""
    return _holding(work, lambda each: each.name == role, scope)


def who_may(work: Work, permission: str, scope: Scope = EVERYTHING) -> tuple[str, ...]:
    """List the active people who may do something at a place."""
    asked = rules.permission_of(permission).name
    return _holding(work, lambda each: asked in each.permissions, scope)


def active_people(work: Work, ids: Iterable[str]) -> tuple[str, ...]:
    """Keep of some ids those of people who could act now, in the order given."""
    wanted = tuple(dict.fromkeys(each for each in ids if each))
    found = store.people_named(work, sorted(wanted))
    return tuple(
        each for each in wanted if each in found and found[each].state is PersonState.ACTIVE
    )


def _holding(work: Work, wanted: Callable[[Role], bool], scope: Scope) -> tuple[str, ...]:
    roles = all_roles(work)
    people: list[str] = []
    for grant in store.grants_at(work, work.now):
        role = roles.get(grant.role)
        if role is not None and wanted(role) and grant.scope.reaches(scope):
            people += _people(work, grant.holder)
    return active_people(work, sorted(people))


def _people(work: Work, holder: Holder) -> list[str]:
    """Name the person who holds, or those in the team that does; programs are nobody to tell."""
    if holder.kind is HolderKind.TEAM:
        inside = store.members(work, holder.id, work.now)
        return [person for each in inside for person in _people(work, each.member)]
    return [holder.id] if holder.kind is HolderKind.PERSON else []
