"""Break-glass: somebody takes a role at once, for hours, and somebody else looks it over after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from muniment.access import rules, store
from muniment.access.models import (
    EVERYTHING,
    Emergency,
    Finding,
    Grant,
    GrantSource,
    Holder,
    HolderKind,
    PersonId,
    Scope,
)
from muniment.access.service.gate import change, require, standing
from muniment.access.service.grants import duties_of, end_grants
from muniment.access.service.reading import AREA
from muniment.core.clock import stamp
from muniment.core.errors import ConflictError, ForbiddenError, NotFoundError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.reviews import EmergencyReviewed, GlassBroken


def break_glass(
    work: Work,
    role: str,
    *,
    reason: str,
    scope: Scope = EVERYTHING,
    lasting: timedelta = timedelta(hours=1),
) -> tuple[Grant, Emergency]:
    """Take a role oneself, where one already works, for a short time; everybody is told."""
    change(work, "access.break_glass", scope)
    person_id = PersonId(work.actor.id)
    taken = rules.BUILT_IN.get(role)
    if taken is None:
        raise NotFoundError(f"there is no built-in role {role[:40]!r}", field="role")
    verdict = rules.may_break(taken, lasting, _mine(work, person_id), work.now)
    if not verdict.ok:
        raise ForbiddenError(verdict.reasons[0], field="role", remedy=verdict.remedy)
    made = Grant(
        id=work.new_id("grt"),
        holder=Holder(HolderKind.PERSON, person_id),
        role=role,
        scope=scope,
        source=GrantSource.BREAK_GLASS,
        reason=rules.clean_reason(reason),
        granted_by=person_id,
        starts_at=work.now,
        ends_at=work.now + lasting,
    )
    emergency = Emergency(
        id=work.new_id("emg"),
        grant_id=made.id,
        person_id=person_id,
        broken_at=work.now,
        ends_at=work.now + lasting,
    )
    record(
        work,
        GlassBroken(
            grant=made.id,
            emergency=emergency.id,
            person=person_id,
            role=role,
            scope=scope.as_dict(),
            ends=stamp(emergency.ends_at),
            flags=_flags(work, person_id, role, scope),
        ),
    )
    store.add_grant(work, made)
    store.add_emergency(work, emergency)
    return made, emergency


def review_emergency(
    work: Work, emergency_id: str, finding: Finding, *, words: str, version: int | None = None
) -> Emergency:
    """Look over somebody else's emergency: say what it was, and end it if it still goes on."""
    change(work, "access.review_break_glass", AREA)
    emergency = store.emergency(work, emergency_id)
    verdict = rules.may_look_over(emergency, standing(work, work.actor).person_id)
    if not verdict.ok:
        raise ForbiddenError(verdict.reasons[0], subject=emergency_id, remedy=verdict.remedy)
    if version is not None and version != emergency.version:
        raise ConflictError(
            "somebody else changed this emergency meanwhile",
            subject=emergency_id,
            remedy="Read it again, then look it over.",
        )
    finding = Finding(finding)
    grant = store.grant(work, emergency.grant_id)
    record(work, EmergencyReviewed(emergency_id, grant.id, emergency.person_id, finding.value))
    if grant.holds(work.now):
        end_grants(work, [grant])
    return store.save_emergency(
        work,
        replace(
            emergency,
            reviewed_by=work.actor.id,
            reviewed_at=work.now,
            finding=finding,
            words=rules.clean_reason(words, field="words"),
        ),
    )


def emergencies(work: Work, *, unreviewed: bool = False) -> tuple[Emergency, ...]:
    """List emergencies, newest first; those nobody looked over stay listed until somebody does."""
    require(work, "access.read", AREA)
    return store.emergencies(work, unreviewed=unreviewed)


def _mine(work: Work, person_id: PersonId) -> list[Emergency]:
    """List a person's emergencies, each ending when its grant really ended."""
    found = []
    for each in store.emergencies(work, person_id=person_id):
        revoked_at = store.grant(work, each.grant_id).revoked_at
        ended = each.ends_at if revoked_at is None else min(each.ends_at, revoked_at)
        found.append(replace(each, ends_at=ended))
    return found


def _flags(work: Work, person_id: PersonId, role: str, scope: Scope) -> tuple[str, ...]:
    """Name the conflicts of duty that an emergency makes, which it may, and everybody sees."""
    found = rules.clashes(
        person_id, duties_of(work, person_id), [rules.Duty(role, scope)], (), work.now
    )
    return tuple(sorted({f"{each.conflict.one}+{each.conflict.other}" for each in found}))
