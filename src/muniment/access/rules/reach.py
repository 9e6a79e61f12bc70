"""Who could reach what on a day: states, memberships, grants and roles of that day put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from muniment.access.models import (
    Grant,
    Holder,
    HolderKind,
    Membership,
    PersonId,
    Reach,
    Role,
)

States = Mapping[Holder, tuple[str, str]]


def reach(
    grants: Iterable[Grant],
    memberships: Iterable[Membership],
    states: States,
    roles: Mapping[str, Role],
) -> tuple[Reach, ...]:
    """List who could reach what: a line for each person or service and each grant."""
    inside: dict[str, list[Membership]] = {}
    for each in memberships:
        inside.setdefault(each.team_id, []).append(each)
    return tuple(
        found
        for grant in grants
        if grant.role in roles
        for found in _of_grant(grant, roles[grant.role], inside, states)
    )


def _of_grant(
    grant: Grant, role: Role, inside: Mapping[str, list[Membership]], states: States
) -> Iterator[Reach]:
    if grant.holder.kind is not HolderKind.TEAM:
        yield _line(grant.holder, grant, role, states)
        return
    for each in inside.get(grant.holder.id, ()):
        yield _line(each.member, grant, role, states, each.id)


def _line(holder: Holder, grant: Grant, role: Role, states: States, through: str = "") -> Reach:
    state, owner = states.get(holder, ("unknown", ""))
    if holder.kind is HolderKind.PERSON:
        return Reach(holder, PersonId(holder.id), state, grant, role, through)
    owner_state = states.get(Holder(HolderKind.PERSON, owner), ("unknown", ""))[0]
    if state == "active" and owner_state != "active":
        state = f"owner {owner_state}"
    return Reach(holder, PersonId(owner) if owner else None, state, grant, role, through)
