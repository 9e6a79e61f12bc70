"""Giving roles and taking them back, judged by person; and leave to hold conflicting duties."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from muniment.access import rules, store
from muniment.access.models import (
    EVERYTHING,
    DutyException,
    Grant,
    GrantSource,
    Holder,
    HolderKind,
    PersonId,
    PersonState,
    Role,
    Scope,
    Verdict,
)
from muniment.access.service.gate import (
    all_roles,
    change,
    change_own,
    people_behind,
    role_relied_on,
    standing,
)
from muniment.core.actor import ActorKind
from muniment.core.clock import stamp
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.access import DutyExcepted, Granted, GrantExtended, Revoked

_LONGEST_EXCEPTION: Final = timedelta(days=90)


def grant(
    work: Work,
    holder: Holder,
    role: str,
    *,
    reason: str,
    scope: Scope = EVERYTHING,
    ends_at: datetime | None = None,
    source: GrantSource = GrantSource.PERSON,
) -> Grant:
    """Give a role to a person, a service or a team, over a scope, for a time."""
    relied = change(work, "access.grant", scope)
    _require_source(work, source)
    given = _role(work, role)
    _require_holder(work, holder)
    require_may_grant(work, relied, given, holder, ends_at)
    return give(work, holder, given, reason=reason, scope=scope, ends_at=ends_at, source=source)


def give(
    work: Work,
    holder: Holder,
    role: Role,
    *,
    reason: str,
    scope: Scope,
    ends_at: datetime | None,
    source: GrantSource,
) -> Grant:
    """Write a grant that somebody was allowed to give, if it fits and no duties conflict."""
    _heed(rules.fits(role, scope, work.now, ends_at), InvalidError, "ends_at")
    found = _clashes(work, holder, [(role, scope)])
    _heed(rules.without_refused(found, ends_at), ConflictError, "role")
    made = Grant(
        id=work.new_id("grt"),
        holder=holder,
        role=role.name,
        scope=scope,
        source=source,
        reason=rules.clean_reason(reason),
        granted_by=work.actor.id,
        starts_at=work.now,
        ends_at=ends_at,
    )
    exceptions = {each.exception.id for each in found if each.exception is not None}
    flags = {
        f"{each.conflict.one}+{each.conflict.other}" for each in found if not each.conflict.refuse
    }
    record(
        work,
        Granted(
            grant=made.id,
            holder=written(holder),
            role=role.name,
            scope=scope.as_dict(),
            source=source.value,
            ends=stamp(ends_at) if ends_at else "",
            exceptions=tuple(sorted(exceptions)),
            flags=tuple(sorted(flags)),
        ),
    )
    store.add_grant(work, made)
    for each in sorted(exceptions):
        store.count_use(work, each)
    return made


def extend(
    work: Work, grant_id: str, *, ends_at: datetime | None, version: int | None = None
) -> Grant:
    """Give a grant that still holds another end, later or earlier; it takes the same right."""
    store.take_turn(work)
    held = store.grant(work, grant_id)
    relied = change(work, "access.grant", held.scope)
    _expect(held, version)
    if not held.holds(work.now):
        raise ConflictError(
            "this grant does not hold any more", subject=grant_id, remedy="Give a new one."
        )
    if ends_at is not None and ends_at <= work.now:
        raise InvalidError(
            "an end lies in the future", field="ends_at", remedy="Revoke it to end it now."
        )
    if held.source is GrantSource.BREAK_GLASS:
        raise ConflictError("an emergency is not made longer", remedy="Ask for a grant.")
    role = _role(work, held.role)
    require_may_grant(work, relied, role, held.holder, ends_at)
    _heed(rules.fits(role, held.scope, work.now, ends_at), InvalidError, "ends_at")
    found = _clashes(work, held.holder, [(role, held.scope)], leave_out=held.id)
    _heed(rules.without_refused(found, ends_at), ConflictError, "ends_at")
    before, after = (stamp(each) if each else "" for each in (held.ends_at, ends_at))
    if ends_at is not None:
        keep_an_admin(work, grants=[grant_id])
    record(work, GrantExtended(grant_id, held.role, before, after))
    return store.save_grant(work, replace(held, ends_at=ends_at))


def revoke(work: Work, grant_id: str, *, reason: str, version: int | None = None) -> Grant:
    """Take a grant back for a reason; it opens nothing from this moment on."""
    because = rules.clean_reason(reason)
    store.take_turn(work)
    held = store.grant(work, grant_id)
    relied = change_own(work, "access.revoke", held.scope, own=held.holder.id == work.actor.id)
    _expect(held, version)
    leaned_on, role = role_relied_on(work, relied), all_roles(work).get(held.role)
    if leaned_on is not None and role is not None:
        _heed(rules.may_take_back(leaned_on, role), ForbiddenError, "role")
    gone = take_back(work, held)
    store.add_revocation(work, held.id, because)
    return gone


def take_back(work: Work, held: Grant) -> Grant:
    """Write that a grant is revoked, if somebody is left to manage access."""
    if held.revoked_at is not None or (held.ends_at is not None and held.ends_at <= work.now):
        raise ConflictError("this grant has ended already", subject=held.id)
    keep_an_admin(work, grants=[held.id])
    record(work, Revoked(held.id, written(held.holder), held.role))
    return store.save_grant(work, replace(held, revoked_at=work.now, revoked_by=work.actor.id))


def end_grants(work: Work, grants: Sequence[Grant]) -> tuple[str, ...]:
    """Revoke several grants under the caller's own record."""
    for each in grants:
        store.save_grant(work, replace(each, revoked_at=work.now, revoked_by=work.actor.id))
    return tuple(each.id for each in grants)


def except_duty(
    work: Work,
    person_id: PersonId,
    one: str,
    other: str,
    *,
    reason: str,
    ends_at: datetime,
    scope: Scope = EVERYTHING,
) -> DutyException:
    """Let somebody else hold conflicting duties over a scope, for a time."""
    change(work, "access.except", scope)
    if work.actor.id == person_id:
        raise ForbiddenError(
            "nobody excepts themselves", subject=person_id, remedy="Let a second person decide."
        )
    if store.person(work, person_id).state is PersonState.LEFT:
        raise ConflictError("this person has left", subject=person_id)
    if not any({one, other} == {each.one, each.other} and each.refuse for each in rules.CONFLICTS):
        raise InvalidError(
            "these two duties are not refused together",
            field="one",
            remedy="See the table of conflicting duties.",
        )
    if not work.now < ends_at <= work.now + _LONGEST_EXCEPTION:
        raise InvalidError(
            f"an exception lasts {_LONGEST_EXCEPTION.days} days at most",
            field="ends_at",
            remedy="Give an end within that time.",
        )
    leave = DutyException(
        id=work.new_id("exc"),
        person_id=person_id,
        one=one,
        other=other,
        scope=scope,
        reason=rules.clean_reason(reason),
        approved_by=work.actor.id,
        starts_at=work.now,
        ends_at=ends_at,
    )
    record(
        work, DutyExcepted(leave.id, person_id, one, other, scope.as_dict(), stamp(leave.ends_at))
    )
    store.add_exception(work, leave)
    return leave


def require_no_clash(work: Work, holder: Holder, joining: Iterable[PersonId]) -> None:
    """Refuse that people come to hold what a team or service holds, if duties would conflict."""
    roles = all_roles(work)
    held_by = [holder]
    if holder.kind is HolderKind.SERVICE:
        inside = store.teams_of(work, [holder], work.now)
        held_by += [Holder(HolderKind.TEAM, each.team_id) for each in inside]
    fresh = [
        (roles[each.role], each.scope)
        for each in store.grants_of(work, held_by)
        if each.holds(work.now) and each.role in roles
    ]
    found = [clash for person in joining for clash in _clashes_of(work, person, fresh)]
    refused = tuple(str(each) for each in found if each.conflict.refuse)
    if refused:
        raise ConflictError(
            "this would bring conflicting duties together",
            subject=holder.id,
            reasons=refused,
            remedy="Grant the role to the person alone, under an exception.",
        )


def require_role_fits_holders(work: Work, role: Role) -> None:
    """Refuse that a role comes to say what those who hold it may not hold."""
    holding = [each for each in store.grants_at(work, work.now) if each.role == role.name]
    for each in holding:
        _heed(rules.fits(role, each.scope, each.starts_at, each.ends_at), ConflictError, "name")
        found = _clashes(work, each.holder, [(role, each.scope)], leave_out=each.id)
        _heed(rules.without_refused(found, each.ends_at), ConflictError, "permissions")


def keep_an_admin(
    work: Work,
    *,
    people: Iterable[str] = (),
    grants: Iterable[str] = (),
    parting: tuple[str, str] = ("", ""),
) -> None:
    """Refuse if, without these people, grants or that one in a team, nobody could manage access."""
    before = _lasting_admins(work, frozenset(), ("", ""))
    left = _lasting_admins(work, frozenset(grants), parting) - frozenset(people)
    _heed(rules.keeps_an_admin(before, left), ConflictError, "")


def lasting_admins(work: Work) -> frozenset[PersonId]:
    """Name the active people who are admin of everything, without an end."""
    return _lasting_admins(work, frozenset(), ("", ""))


def _lasting_admins(
    work: Work, without: frozenset[str], parting: tuple[str, str]
) -> frozenset[PersonId]:
    roles = all_roles(work)
    found: set[PersonId] = set()
    for each in store.grants_at(work, work.now):
        role = roles.get(each.role)
        if role is None or each.id in without or not rules.is_lasting_admin(each, role):
            continue
        team, member = parting
        own = _people_themselves(work, each.holder)
        found.update(person for person in own if (each.holder.id, person) != (team, member))
    active = store.people_named(work, found)
    return frozenset(each for each in found if active[each].state is PersonState.ACTIVE)


def duties_of(work: Work, person_id: PersonId, *, leave_out: str = "") -> tuple[rules.Duty, ...]:
    """List the duties a person holds: themselves, through teams, and by their services."""
    roles = all_roles(work)
    own = Holder(HolderKind.PERSON, person_id)
    services = [Holder(HolderKind.SERVICE, each.id) for each in store.services_of(work, person_id)]
    inside = store.teams_of(work, [own, *services], work.now)
    teams = [Holder(HolderKind.TEAM, each.team_id) for each in inside]
    return tuple(
        rules.Duty(duty, each.scope, each.id)
        for each in store.grants_of(work, [own, *services, *teams])
        if each.holds(work.now) and each.role in roles and each.id != leave_out
        for duty in sorted(rules.duties_in(roles[each.role]))
    )


def written(holder: Holder) -> dict[str, str]:
    """Give a holder as it stands in records."""
    return {"kind": holder.kind.value, "id": holder.id}


def _people_themselves(work: Work, holder: Holder) -> tuple[PersonId, ...]:
    """Name the people who hold a grant as themselves, not by a service they answer for."""
    if holder.kind is HolderKind.PERSON:
        return (PersonId(holder.id),)
    if holder.kind is HolderKind.SERVICE:
        return ()
    inside = store.members(work, holder.id, work.now)
    return tuple(
        PersonId(each.member.id) for each in inside if each.member.kind is HolderKind.PERSON
    )


def _clashes(
    work: Work, holder: Holder, fresh: Sequence[tuple[Role, Scope]], *, leave_out: str = ""
) -> tuple[rules.Clash, ...]:
    return tuple(
        clash
        for person in people_behind(work, holder)
        for clash in _clashes_of(work, person, fresh, leave_out=leave_out)
    )


def _clashes_of(
    work: Work, person_id: PersonId, fresh: Sequence[tuple[Role, Scope]], *, leave_out: str = ""
) -> tuple[rules.Clash, ...]:
    new = [
        rules.Duty(duty, scope) for role, scope in fresh for duty in sorted(rules.duties_in(role))
    ]
    held = duties_of(work, person_id, leave_out=leave_out)
    return rules.clashes(person_id, held, new, store.exceptions(work, person_id), work.now)


def _role(work: Work, name: str) -> Role:
    found = all_roles(work).get(name)
    if found is None:
        raise NotFoundError(
            f"there is no role {name[:60]!r}", field="role", remedy="See `muniment access roles`."
        )
    return found


def _require_source(work: Work, source: GrantSource) -> None:
    """Refuse that somebody passes a grant of their own off as another's."""
    if work.actor.kind is not ActorKind.SYSTEM and source is not GrantSource.PERSON:
        raise ForbiddenError(
            f"a grant of somebody's own does not come from {source}", field="source"
        )


def _require_holder(work: Work, holder: Holder) -> None:
    """Refuse to give anything to who is not there or has left."""
    gone = False
    if holder.kind is HolderKind.PERSON:
        gone = store.person(work, holder.id).state is PersonState.LEFT
    elif holder.kind is HolderKind.SERVICE:
        owner = store.person(work, store.service(work, holder.id).owner_id)
        gone = owner.state is PersonState.LEFT
    else:
        gone = store.team(work, holder.id).ended_at is not None
    if gone:
        raise ConflictError(
            "nobody is there to hold this any more",
            subject=holder.id,
            field="holder",
            remedy="Name somebody who has not left, or a service somebody answers for.",
        )


def require_may_grant(
    work: Work, relied: Grant | None, role: Role, holder: Holder, ends_at: datetime | None = None
) -> None:
    """Refuse who would give more than they may, to themselves, or past the end of an emergency."""
    leaned_on = role_relied_on(work, relied)
    if leaned_on is None or relied is None:
        return
    _heed(rules.ends_with(relied, ends_at), ForbiddenError, "ends_at")
    behind = people_behind(work, holder)
    verdict = rules.may_grant(standing(work, work.actor), leaned_on, role, behind)
    _heed(verdict, ForbiddenError, "role")


def _expect(held: Grant, version: int | None) -> None:
    if version is not None and version != held.version:
        raise ConflictError(
            "somebody else changed this grant meanwhile",
            subject=held.id,
            remedy="Read it again, then change it.",
        )


def _heed(
    verdict: Verdict, error: type[ConflictError | ForbiddenError | InvalidError], field: str
) -> None:
    if not verdict.ok:
        first, *others = verdict.reasons
        raise error(first, field=field, remedy=verdict.remedy, reasons=tuple(others))
