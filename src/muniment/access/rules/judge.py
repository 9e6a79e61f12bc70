"""May they? A judgement over what somebody stands on, with reasons in words and a way out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from muniment.access.models import (
    Grant,
    GrantSource,
    HolderKind,
    Permission,
    Role,
    Scope,
    Standing,
    Verdict,
)
from muniment.access.rules.permissions import BUILT_IN, roles_carrying

_MOST_REASONS: Final = 5


def may(
    standing: Standing,
    permission: Permission,
    scope: Scope,
    at: datetime,
    roles: Iterable[Role] = BUILT_IN.values(),
) -> Verdict:
    """Judge whether somebody may do something there, and through which grant."""
    if reason := _barred(standing, permission, scope):
        return Verdict(ok=False, reasons=(reason,), remedy=_other_way(standing, permission))
    carrying = [pair for pair in standing.grants if permission.name in pair[1].permissions]
    holding = [pair for pair in carrying if pair[0].holds(at)]
    fitting = [pair for pair in holding if permission.anywhere or pair[0].scope.reaches(scope)]
    if fitting:
        grant, role = min(fitting, key=_preference)
        return Verdict(ok=True, grant=grant, role=role)
    reasons = tuple(_why_not(grant, role, scope, at) for grant, role in carrying)
    return Verdict(
        ok=False,
        reasons=reasons[:_MOST_REASONS] or (f"no grant of theirs carries {permission.name}",),
        remedy=_remedy(permission, scope, roles),
    )


def _barred(standing: Standing, permission: Permission, scope: Scope) -> str:
    """Say what no grant can mend: the state of the account, a program, the limits of a key."""
    if standing.problem:
        return standing.problem
    if permission.person_only and not standing.is_person:
        return f"{permission.name} is for a person who is signed in, not for a program or a key"
    allowed, within = standing.limits
    if allowed is not None and permission.name not in allowed:
        return f"the key they use is not made for {permission.name}"
    if not permission.anywhere and not within.reaches(scope):
        return f"the key they use reaches {within} only"
    return ""


def _other_way(standing: Standing, permission: Permission) -> str:
    if standing.problem:
        return "Ask an admin of this installation."
    if permission.person_only and standing.holder.kind is not HolderKind.PERSON:
        return "Let a person do it in the console."
    return "Sign in, or use a key with wider limits."


def _preference(pair: tuple[Grant, Role]) -> tuple[bool, int, str]:
    """Rely on an ordinary grant before an emergency, the narrowest first, then the oldest."""
    grant, _ = pair
    return grant.source is GrantSource.BREAK_GLASS, -len(grant.scope.places), grant.id


def _why_not(grant: Grant, role: Role, scope: Scope, at: datetime) -> str:
    named = f"{grant.id} as {role.name}"
    if grant.revoked_at is not None and grant.revoked_at <= at:
        return f"{named} was revoked on {_day(grant.revoked_at)}"
    if grant.ends_at is not None and grant.ends_at <= at:
        return f"{named} ended on {_day(grant.ends_at)}"
    if grant.starts_at > at:
        return f"{named} begins on {_day(grant.starts_at)}"
    return f"{named} reaches {grant.scope}, and {scope} was asked for"


def _day(at: datetime) -> str:
    return at.date().isoformat()


def _remedy(permission: Permission, scope: Scope, roles: Iterable[Role]) -> str:
    carrying = roles_carrying(permission.name, roles)
    granting = roles_carrying("access.grant", roles)
    if not carrying:
        return "No role carries it; an admin can define one that does."
    return (
        f"The role {' or '.join(carrying)} over {scope} would allow it;"
        f" somebody who is {' or '.join(granting)} can grant it."
    )
