"""Roles that follow from an issuer's groups: given and taken back at each sign-in.

They are grants like others, marked as coming from a directory. What may not be given (conflicting
duties), or may not be taken (the last admin), is recorded and left as it is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from muniment.access import store
from muniment.access.models import (
    Claims,
    Grant,
    GrantSource,
    Holder,
    HolderKind,
    Issuer,
    PersonId,
    Role,
    Scope,
)
from muniment.access.rules.vouching import roles_of
from muniment.access.service.gate import all_roles
from muniment.access.service.grants import give, take_back
from muniment.core.errors import ConflictError, InvalidError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.signin import GroupRoleRefused

_LASTING: Final = timedelta(days=30)


def follow_groups(work: Work, issuer: Issuer, person_id: PersonId, claims: Claims) -> None:
    """Give what somebody's groups give now, and take back what they gave before and do not now."""
    if not issuer.trust.group_roles:
        return
    wanted = roles_of(claims.groups, issuer.trust.group_roles)
    holder = Holder(HolderKind.PERSON, person_id)
    held = [each for each in store.grants_of(work, [holder]) if _follows(work, each, issuer)]
    for each in held:
        if (each.role, each.scope) not in wanted:
            _end(work, issuer, person_id, each)
    standing = {(each.role, each.scope) for each in held}
    roles = all_roles(work)
    for name, scope in sorted(wanted - standing, key=str):
        if name in roles:
            _begin(work, issuer, holder, roles[name], scope)


def _begin(work: Work, issuer: Issuer, holder: Holder, role: Role, scope: Scope) -> None:
    try:
        give(
            work,
            holder,
            role,
            reason=_reason(issuer),
            scope=scope,
            ends_at=work.now + _LASTING if role.must_expire else None,
            source=GrantSource.DIRECTORY,
        )
    except (ConflictError, InvalidError) as error:
        record(work, GroupRoleRefused(holder.id, issuer.id, role.name, type(error).code))


def _end(work: Work, issuer: Issuer, person_id: PersonId, held: Grant) -> None:
    try:
        take_back(work, held)
    except ConflictError as error:
        record(work, GroupRoleRefused(person_id, issuer.id, held.role, type(error).code))


def _follows(work: Work, held: Grant, issuer: Issuer) -> bool:
    ours = held.source is GrantSource.DIRECTORY and held.reason == _reason(issuer)
    return ours and held.holds(work.now)


def _reason(issuer: Issuer) -> str:
    return f"A group at the issuer {issuer.id} gives it."
