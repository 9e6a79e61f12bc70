"""Who answers: the person behind the actor, their roles where it matters, how they signed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from muniment import access
from muniment.access import Holder, HolderKind, Scope
from muniment.approvals import store
from muniment.core.actor import ActorKind
from muniment.db import Work


def author_of(work: Work) -> str:
    """Name the human behind whoever acts; a rule of the product stands for itself."""
    if work.actor.kind is ActorKind.SYSTEM:
        return work.actor.id
    return access.standing(work, work.actor).person_id or work.actor.id


def person_of(work: Work) -> str | None:
    """Name the person who acts by themselves, signed in; a key or a program is nobody."""
    if work.actor.kind is not ActorKind.PERSON:
        return None
    found = access.standing(work, work.actor)
    return None if found.by_key or found.problem else found.person_id


def is_active(work: Work, person: str) -> bool:
    """Tell whether somebody is a person who could act now."""
    found = access.standing_of(work, Holder(HolderKind.PERSON, person))
    return found.person_id is not None and not found.problem


def roles_of(work: Work, person: str, scope: Scope) -> frozenset[str]:
    """Name the roles somebody holds now that reach a place."""
    found = access.standing_of(work, Holder(HolderKind.PERSON, person))
    return frozenset(
        role.name
        for grant, role in found.grants
        if grant.holds(work.now) and grant.scope.reaches(scope)
    )


def standing_in_for(
    work: Work, matter_kind: str, roles: Sequence[str], scope: Mapping[str, str]
) -> tuple[str, ...]:
    """Name who stands in, just now, for somebody who is asked; an empty role is whoever may decide.

    Whether their answer counts is judged when they give it.
    """
    held = store.delegations_now(work, matter_kind)
    if not held:
        return ()
    place = Scope.read(scope)
    asked = {person for role in roles if role for person in access.who_holds(work, role, place)}
    if "" in roles:
        asked.update(access.who_may(work, "approvals.decide", place))
    return tuple(dict.fromkeys(each.taker for each in held if each.giver in asked))


def signed_in(work: Work) -> tuple[str, bool]:
    """Say how the one who acts signed in, and whether with a second factor."""
    found = access.sign_in_of(work, work.actor)
    if found is None:
        return "", False
    said = "+".join(each.value for each in found.methods)
    return (f"{said} by {found.issuer}" if found.issuer else said)[:100], found.strong
