"""What a review is about: every right of every person and program on a day, here and elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from muniment.access import store
from muniment.access.models import (
    EVERYTHING,
    Entitlement,
    Holder,
    HolderKind,
    Key,
    LineSort,
    PersonId,
    Reach,
    Scope,
)
from muniment.access.service.reach import reach_at
from muniment.core.clock import stamp
from muniment.db import Work

_LONGEST_WHAT: Final = 500


def population(
    work: Work, as_of: datetime, *, sorts: frozenset[LineSort], system: str = ""
) -> tuple[Entitlement, ...]:
    """Freeze who can reach what; with a system named, only what reaches that system."""
    reached = [each for each in reach_at(work, as_of) if _concerns(each.grant.scope, system)]
    found: list[Entitlement] = []
    if LineSort.GRANT in sorts:
        grants = {each.grant.id: each for each in reached}
        found += [_of_grant(each) for each in grants.values()]
    if LineSort.MEMBERSHIP in sorts:
        found += _memberships(reached)
    if LineSort.KEY in sorts:
        found += [each for each in _keys(work, as_of) if _concerns(each.scope, system)]
    if LineSort.OUTSIDE in sorts:
        found += _outside(work, as_of)
    return tuple(found)


def _of_grant(reach: Reach) -> Entitlement:
    """Make a line of a grant; one to a team is everybody's in it, and so no single person's."""
    holder = reach.grant.holder
    is_team = holder.kind is HolderKind.TEAM
    return Entitlement(
        sort=LineSort.GRANT,
        target=reach.grant.id,
        holder=holder,
        person_id=None if is_team else reach.person_id,
        what=reach.role.name,
        scope=reach.grant.scope,
        grant_id=reach.grant.id,
        team_id=holder.id if is_team else "",
        account="" if is_team else reach.state,
    )


def _memberships(reached: list[Reach]) -> Iterator[Entitlement]:
    """Make one line of each membership, naming all that the team gives."""
    inside: dict[str, list[Reach]] = {}
    for each in reached:
        if each.through:
            inside.setdefault(each.through, []).append(each)
    for membership, gives in inside.items():
        first = gives[0]
        roles = "; ".join(sorted(f"{each.role.name} over {each.grant.scope}" for each in gives))
        yield Entitlement(
            sort=LineSort.MEMBERSHIP,
            target=membership,
            holder=first.holder,
            person_id=first.person_id,
            what=f"in the team: {roles}"[:_LONGEST_WHAT],
            scope=EVERYTHING,
            team_id=first.grant.holder.id,
            account=first.state,
        )


def _keys(work: Work, as_of: datetime) -> Iterator[Entitlement]:
    states = store.states_at(work, as_of)
    for each in store.keys_at(work, as_of):
        person = each.holder.id
        if each.holder.kind is HolderKind.SERVICE:
            person = states.get(each.holder, ("", ""))[1]
        yield _of_key(each, person)


def _of_key(key: Key, person_id: str) -> Entitlement:
    allowed = key.limits.permissions
    return Entitlement(
        sort=LineSort.KEY,
        target=key.id,
        holder=key.holder,
        person_id=PersonId(person_id) if person_id else None,
        what=f"key for {', '.join(sorted(allowed or ())) or 'all they may'}"[:_LONGEST_WHAT],
        scope=key.limits.scope,
        account=key.shown,
        last_used=stamp(key.last_used_at) if key.last_used_at else "",
    )


def _outside(work: Work, as_of: datetime) -> Iterator[Entitlement]:
    """Make a line of each right elsewhere, and say where its person has left."""
    states = store.states_at(work, as_of)
    for each in store.outside_at(work, as_of):
        holder = Holder(HolderKind.PERSON, each.person_id) if each.person_id else None
        has_left = holder is not None and states.get(holder, ("", ""))[0] == "left"
        yield Entitlement(
            sort=LineSort.OUTSIDE,
            target=each.id,
            holder=holder,
            person_id=each.person_id,
            what=f"{each.place}: {each.what}" + (" (this person has left)" if has_left else ""),
            scope=EVERYTHING,
            account=each.account,
        )


def _concerns(scope: Scope, system: str) -> bool:
    named = scope.place("system")
    return not system or not named or named == system
