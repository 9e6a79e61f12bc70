"""The one gate: every verb of every room asks here whether it may go on, inside its own work.

Standing is read in the same transaction as the act, so that nothing is decided on what was true a
moment ago. What the gate lets through carries the grant relied on, and so does its record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from muniment.access import rules, store
from muniment.access.models import (
    EVERYTHING,
    Grant,
    Holder,
    HolderKind,
    Permission,
    PersonId,
    PersonState,
    Role,
    Scope,
    Standing,
    Verdict,
)
from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import ForbiddenError, NotFoundError
from muniment.db import Database, Work
from muniment.ledger import record
from muniment.ledger.kinds.access import Exported, Viewed

KEY_PREFIX = "key_"


def require(work: Work, permission: str, scope: Scope = EVERYTHING) -> Grant | None:
    """Let the actor of this work go on, or refuse with reasons and a way out."""
    asked = rules.permission_of(permission)
    if work.actor.kind is ActorKind.SYSTEM:
        _require_no_person_needed(asked)
        return None
    verdict = may(work, work.actor, permission, scope)
    if not verdict.ok or verdict.grant is None:
        raise ForbiddenError(
            f"you may not do this: {_lowered(asked.says)}",
            subject=work.actor.id,
            remedy=verdict.remedy,
            reasons=verdict.reasons,
        )
    work.actor = replace(work.actor, grant=verdict.grant.id)
    return verdict.grant


def may(work: Work, actor: Actor, permission: str, scope: Scope = EVERYTHING) -> Verdict:
    """Say whether somebody may do something, through which grant, and if not, why."""
    asked = rules.permission_of(permission)
    if actor.kind is ActorKind.SYSTEM:
        if asked.person_only:
            reason = f"{asked.name} is for a person who is signed in"
            return Verdict(ok=False, reasons=(reason,), remedy="Let a person do it.")
        return Verdict(ok=True)
    stands = standing(work, actor)
    verdict = rules.may(stands, asked, scope, work.now)
    if verdict.ok:
        return verdict
    return rules.may(stands, asked, scope, work.now, all_roles(work).values())


def standing(work: Work, actor: Actor) -> Standing:
    """Read what an actor can rely on just now: state, grants, the limits of their key."""
    kind = HolderKind.PERSON if actor.kind is ActorKind.PERSON else HolderKind.SERVICE
    holder = Holder(kind, actor.id)
    found = standing_of(work, holder)
    if not actor.credential.startswith(KEY_PREFIX):
        return found
    try:
        credential = actor.credential
        key = work.once(("key", credential), lambda: store.find_key(work, credential))
    except NotFoundError:
        return replace(found, by_key=True, problem="the key they use is not known")
    problem = found.problem
    if key.holder != holder:
        problem = "the key they use is somebody else's"
    elif not key.works(work.now):
        problem = "the key they use has ended"
    limits = (key.limits.permissions, key.limits.scope)
    return replace(found, by_key=True, limits=limits, problem=problem)


def standing_of(work: Work, holder: Holder) -> Standing:
    """Read what somebody can rely on just now, whatever they come with."""
    return work.once(("standing", holder), lambda: _read_standing(work, holder))


def _read_standing(work: Work, holder: Holder) -> Standing:
    person_id, problem = _resolve(work, holder)
    memberships = store.teams_of(work, [holder], work.now)
    held_by = [holder, *(Holder(HolderKind.TEAM, each.team_id) for each in memberships)]
    held = store.grants_of(work, held_by)
    own = any(grant.role not in rules.BUILT_IN for grant in held)
    roles = all_roles(work) if own else rules.BUILT_IN
    return Standing(
        holder=holder,
        person_id=person_id,
        grants=tuple((grant, roles[grant.role]) for grant in held if grant.role in roles),
        problem=problem,
    )


def all_roles(work: Work) -> dict[str, Role]:
    """Give every role there is just now, built-in ones first."""
    return {**rules.BUILT_IN, **store.roles(work, work.now)}


def role_relied_on(work: Work, grant: Grant | None) -> Role | None:
    """Give the role behind the grant that the gate relied on; the system relies on none."""
    return all_roles(work)[grant.role] if grant is not None else None


@contextmanager
def viewing(
    database: Database, actor: Actor, permission: str, scope: Scope = EVERYTHING, *, what: str = ""
) -> Iterator[Work]:
    """Read under a permission; where each view is recorded, that record is durable first."""
    with database.look(actor) as work:
        verdict = may(work, actor, permission, scope)
    if verdict.ok and verdict.role is not None and verdict.role.views_recorded:
        with database.work(actor) as work:
            require(work, permission, scope)
            record(work, Viewed(permission, scope.as_dict(), what[:200]))
    with database.look(actor) as work:
        require(work, permission, scope)
        yield work


@contextmanager
def viewing_some(
    database: Database, actor: Actor, permission: str, *, what: str = ""
) -> Iterator[Work]:
    """Read a list whose lines are each shown only to who may see them.

    Where views are recorded, that this one was looked at is durable first.
    """
    note_views(database, actor, (permission,), what=what)
    with database.look(actor) as work:
        yield work


def note_views(
    database: Database, actor: Actor, permissions: Iterable[str], *, what: str = ""
) -> None:
    """Record that somebody looks at what these let them see, where views are recorded."""
    asked = tuple(dict.fromkeys(rules.permission_of(each).name for each in permissions))
    if actor.kind is ActorKind.SYSTEM or not asked:
        return
    with database.look(actor) as work:
        relied = [pair for pair in standing(work, actor).grants if pair[0].holds(work.now)]
    noted = [
        (name, next(grant for grant, role in relied if _notes(role, name)))
        for name in asked
        if any(_notes(role, name) for _, role in relied)
    ]
    if noted:
        with database.work(actor) as work:
            for name, grant in noted:
                work.actor = replace(actor, grant=grant.id)
                record(work, Viewed(name, grant.scope.as_dict(), what[:200]))


def _notes(role: Role, permission: str) -> bool:
    return role.views_recorded and permission in role.permissions


def note_export(work: Work, what: str, form: str, *, rows: int = -1, digest: str = "") -> None:
    """Record that a list was saved as a file, before it is given away."""
    record(work, Exported(what[:200], form[:20], rows, digest))


def people_behind(work: Work, holder: Holder) -> tuple[PersonId, ...]:
    """Resolve a holder to the human beings who hold through it."""
    if holder.kind is HolderKind.PERSON:
        return (PersonId(holder.id),)
    if holder.kind is HolderKind.SERVICE:
        return (store.service(work, holder.id).owner_id,)
    inside = [each.member for each in store.members(work, holder.id, work.now)]
    found: Iterable[PersonId] = (
        person for member in inside for person in people_behind(work, member)
    )
    return tuple(dict.fromkeys(found))


def change(work: Work, permission: str, scope: Scope = EVERYTHING) -> Grant | None:
    """Take the turn for a change of access, then ask the gate; in this order nobody slips by."""
    store.take_turn(work)
    return require(work, permission, scope)


def change_own(
    work: Work, permission: str, scope: Scope = EVERYTHING, *, own: bool
) -> Grant | None:
    """Take the turn; what is a signed-in person's own to end needs no grant, all else does."""
    store.take_turn(work)
    if own and work.actor.kind is ActorKind.PERSON:
        mine = standing(work, work.actor)
        if mine.is_person and not mine.problem:
            return None
    return require(work, permission, scope)


def _resolve(work: Work, holder: Holder) -> tuple[PersonId | None, str]:
    """Find the human behind a holder, and what keeps them from doing anything."""
    try:
        if holder.kind is HolderKind.PERSON:
            person = store.person(work, holder.id)
            active = person.state is PersonState.ACTIVE
            return person.id, "" if active else f"their account is {person.state}"
        service = store.service(work, holder.id)
        owner = store.person(work, service.owner_id)
    except NotFoundError:
        return None, f"no {holder.kind} of this id is known"
    if not service.active:
        return owner.id, "this service is suspended"
    if owner.state is not PersonState.ACTIVE:
        return owner.id, f"the person who answers for this service is {owner.state}"
    return owner.id, ""


def _require_no_person_needed(asked: Permission) -> None:
    if asked.person_only:
        raise ForbiddenError(
            f"{asked.name} is for a person who is signed in",
            remedy="Let a person do it in the console.",
        )


def _lowered(says: str) -> str:
    return says[:1].lower() + says[1:].rstrip(".")
