"""Keys of programs: issued to oneself and one's services, shown once, replaced without a gap."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from muniment.access import rules, store
from muniment.access.models import Holder, HolderKind, Key, KeyLimits
from muniment.access.service.gate import KEY_PREFIX, change, change_own, standing
from muniment.access.service.grants import written
from muniment.core.actor import ActorKind
from muniment.core.clock import stamp
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.access import AccessKeyRotated, KeyIssued, KeyRevoked

_CHANCE_BITS: Final = 256
_LONGEST_BUDGET: Final = 100

Chance = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class FreshKey:
    """A key just made: the only moment at which its secret exists in the open."""

    key: Key
    secret: str = field(repr=False)


def issue_key(
    work: Work,
    holder: Holder,
    label: str,
    *,
    limits: KeyLimits = KeyLimits(),  # noqa: B008 frozen, and the widest there is
    budget: str = "",
    expires_at: datetime | None = None,
    chance: Chance = secrets.randbits,
    secret: str = "",
) -> FreshKey:
    """Make a key for oneself or for a service one answers for; it never reaches further than they.

    Nobody makes keys for others, not even an admin: whoever sees a secret could act in that name.
    Only the machine itself may hand a secret in, which then must look like one of ours.
    """
    change(work, "access.own_keys")
    _require_own(work, holder)
    _require_limits(work, limits, expires_at)
    _require_secret(work, secret)
    return _issue(
        work,
        Key(
            id="",
            holder=holder,
            label=rules.clean_name(label, field="label"),
            shown="",
            limits=limits,
            budget=_clean_budget(budget),
            created_at=work.now,
            created_by=work.actor.id,
            expires_at=_within_a_year(work, expires_at),
        ),
        chance,
        secret,
    )


def rotate_key(
    work: Work,
    key_id: str,
    *,
    overlap: timedelta = timedelta(hours=24),
    expires_at: datetime | None = None,
    chance: Chance = secrets.randbits,
) -> FreshKey:
    """Replace a key by one with the same limits; the old one works on for the overlap."""
    change(work, "access.own_keys")
    old = store.find_key(work, key_id)
    _require_own(work, old.holder)
    if not old.works(work.now) or old.replaced_by:
        raise ConflictError(
            "this key has ended or was replaced already",
            subject=key_id,
            remedy="Rotate the one that replaced it, or issue a new one.",
        )
    if not timedelta(0) <= overlap <= rules.LONGEST_OVERLAP:
        raise InvalidError(
            f"both keys can work side by side for {rules.LONGEST_OVERLAP.days} days at most",
            field="overlap",
            remedy="Give a shorter overlap.",
        )
    if expires_at is None and old.expires_at is not None:
        expires_at = work.now + (old.expires_at - old.created_at)
    _require_limits(work, old.limits, expires_at)
    fresh = _issue(
        work,
        replace(
            old,
            created_at=work.now,
            created_by=work.actor.id,
            expires_at=_within_a_year(work, expires_at),
            last_used_at=None,
            version=1,
        ),
        chance,
    )
    ends = work.now + overlap
    if old.expires_at is not None:
        ends = min(ends, old.expires_at)
    record(work, AccessKeyRotated(old.id, fresh.key.id, stamp(ends)))
    store.save_key(work, replace(old, revoked_at=ends, replaced_by=fresh.key.id))
    return fresh


def revoke_key(work: Work, key_id: str, *, version: int | None = None) -> Key:
    """End a key at once; its holder may, and whoever may end keys of others."""
    key = store.find_key(work, key_id)
    change_own(work, "access.revoke_keys", own=_is_own(work, key.holder))
    key = store.find_key(work, key_id)
    if version is not None and version != key.version:
        raise ConflictError(
            "somebody else changed this key meanwhile",
            subject=key_id,
            remedy="Read it again, then change it.",
        )
    return end_key(work, key, "revoked")


def end_key(work: Work, key: Key, cause: str) -> Key:
    """Write that a key has ended, and why."""
    if not key.works(work.now):
        raise ConflictError("this key has ended already", subject=key.id)
    record(work, KeyRevoked(key.id, cause))
    return store.save_key(work, replace(key, revoked_at=work.now))


def _require_secret(work: Work, secret: str) -> None:
    if secret and (work.actor.kind is not ActorKind.SYSTEM or not rules.is_well_formed(secret)):
        raise InvalidError(
            "this is no key that Muniment made",
            field="secret",
            remedy="Make one with `muniment gateway new-key`, or give none.",
        )


def _issue(work: Work, key: Key, chance: Chance, secret: str = "") -> FreshKey:
    secret = secret or rules.write_key(key.holder.kind, chance(_CHANCE_BITS))
    made = replace(key, id=work.new_id(KEY_PREFIX.rstrip("_")), shown=rules.shown_part(secret))
    allowed = made.limits.permissions
    record(
        work,
        KeyIssued(
            key=made.id,
            holder=written(made.holder),
            permissions=tuple(sorted(allowed)) if allowed is not None else ("*",),
            scope=made.limits.scope.as_dict(),
            expires=stamp(made.expires_at) if made.expires_at else "",
        ),
    )
    store.add_key(work, made, rules.key_digest(secret))
    return FreshKey(made, secret)


def _require_own(work: Work, holder: Holder) -> None:
    if holder.kind is HolderKind.TEAM:
        raise InvalidError(
            "a team has no keys", field="holder", remedy="Give the key to a service in the team."
        )
    if work.actor.kind is ActorKind.SYSTEM:
        problem = ""
        if holder.kind is HolderKind.PERSON:
            store.person(work, holder.id)
        else:
            store.service(work, holder.id)
    else:
        problem = "" if _is_own(work, holder) else "keys are made by who acts with them"
    if problem:
        raise ForbiddenError(
            problem,
            subject=holder.id,
            remedy="Let the person, or whoever answers for the service, make it.",
        )


def _is_own(work: Work, holder: Holder) -> bool:
    """Tell whether a holder is the actor, or a service the acting person answers for."""
    if work.actor.id == holder.id:
        return True
    if holder.kind is not HolderKind.SERVICE or work.actor.kind is not ActorKind.PERSON:
        return False
    return store.service(work, holder.id).owner_id == work.actor.id


def _require_limits(work: Work, limits: KeyLimits, expires_at: datetime | None) -> None:
    """Refuse unknown permissions, and a key that reaches or lasts further than the one in use."""
    for name in limits.permissions or ():
        if name not in rules.PERMISSIONS:
            raise InvalidError(f"{str(name)[:60]!r} is not a permission", field="permissions")
    if expires_at is not None and expires_at <= work.now:
        raise InvalidError(
            "the key would have ended already", field="expires_at", remedy="Give a later time."
        )
    if work.actor.kind is ActorKind.SYSTEM:
        return
    mine = standing(work, work.actor)
    if not mine.by_key:
        return
    allowed, within = mine.limits
    used = store.find_key(work, work.actor.credential)
    longer = used.expires_at is not None and (expires_at is None or expires_at > used.expires_at)
    if longer or not rules.within(limits, KeyLimits(allowed, within)):
        raise ForbiddenError(
            "a key makes no key that reaches or lasts further than itself",
            subject=used.id,
            remedy="Sign in, and make the key there.",
        )


def _within_a_year(work: Work, expires_at: datetime | None) -> datetime:
    latest = work.now + rules.LONGEST_LIFE
    return latest if expires_at is None else min(expires_at, latest)


def _clean_budget(text: str) -> str:
    return rules.clean_name(text, field="budget")[:_LONGEST_BUDGET] if text else ""
