"""Who may give what to whom, and what must not be taken away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from muniment.access.models import (
    EVERYTHING,
    Grant,
    GrantSource,
    Permission,
    PersonId,
    Role,
    Scope,
    Standing,
    Verdict,
)
from muniment.access.rules.duties import Clash
from muniment.access.rules.permissions import (
    ADMIN,
    BUILDER,
    OPERATOR,
    OWNER,
    RELEASER,
    SECURITY,
)

LONGEST_AUDIT: Final = timedelta(days=180)
_GRANTED_BY: Final[Mapping[str, frozenset[str]]] = {
    OWNER: frozenset({BUILDER, RELEASER, OPERATOR}),
}


def may_grant(
    standing: Standing, relied: Role, role: Role, receivers: Iterable[PersonId | None]
) -> Verdict:
    """Judge whether somebody may give a role, relying on a role of their own."""
    if standing.person_id is not None and standing.person_id in set(receivers):
        return Verdict(
            ok=False,
            reasons=("nobody grants to themselves, nor to a service or team they are in",),
            remedy="Ask another admin; in an emergency, break the glass.",
        )
    if _hands_out(relied, role):
        return Verdict(ok=True)
    return Verdict(
        ok=False,
        reasons=(f"{relied.name} may not give {role.name}",),
        remedy="Nobody grants more than they may; ask an admin.",
    )


def ends_with(relied: Grant, ends_at: datetime | None) -> Verdict:
    """Judge whether what is given relying on an emergency ends with the emergency."""
    last = relied.ends_at
    if relied.source is not GrantSource.BREAK_GLASS or last is None:
        return Verdict(ok=True)
    if ends_at is not None and ends_at <= last:
        return Verdict(ok=True)
    return _no("what is given in an emergency ends with it", f"Let it end by {last.isoformat()}.")


def may_take_back(relied: Role, role: Role) -> Verdict:
    """Judge whether somebody may take a role from others, relying on a role of their own."""
    if relied.name == SECURITY or _hands_out(relied, role):
        return Verdict(ok=True)
    return _no(f"{relied.name} may not take {role.name} back", "Ask an admin or security.")


def _hands_out(relied: Role, role: Role) -> bool:
    """Tell whether a role is in the hands of whoever has another: an admin's are all."""
    if not relied.built_in:
        return False
    own = role.built_in and role.name in _GRANTED_BY.get(relied.name, frozenset())
    return relied.name == ADMIN or own


def may_define(permissions: Iterable[Permission]) -> Verdict:
    """Judge whether a role of one's own can carry these permissions."""
    giving = tuple(each.name for each in permissions if each.gives)
    if not giving:
        return Verdict(ok=True)
    return _no(
        f"a role of one's own cannot carry {', '.join(giving)}, which leads to more rights",
        "Leave it out; only built-in roles give rights.",
    )


def fits(role: Role, scope: Scope, starts_at: datetime, ends_at: datetime | None) -> Verdict:
    """Judge whether a role can be held over this scope for this time."""
    if ends_at is not None and ends_at <= starts_at:
        return _no("the grant would end before it begins", "Give a later end.")
    if role.must_expire and ends_at is None:
        return _no(f"{role.name} is given for a time only", "Say when it ends.")
    if role.must_expire and ends_at is not None and ends_at - starts_at > LONGEST_AUDIT:
        return _no(
            f"{role.name} lasts {LONGEST_AUDIT.days} days at most",
            "Give an earlier end, and extend it when it is needed.",
        )
    if role.must_scope and scope == EVERYTHING:
        return _no(
            f"{role.name} is given for named places only",
            "Name a system, a dataset or an area of the console.",
        )
    return Verdict(ok=True)


def without_refused(found: Iterable[Clash], ends_at: datetime | None) -> Verdict:
    """Judge whether conflicting duties stand in the way, or run under exceptions that last."""
    found = tuple(found)
    refused = tuple(str(each) for each in found if each.refused)
    if refused:
        return Verdict(
            ok=False,
            reasons=refused,
            remedy="Give it to somebody else, or let compliance or security allow an exception.",
        )
    excused = [each.exception for each in found if each.conflict.refuse and each.exception]
    for last in excused:
        if ends_at is None or ends_at > last.ends_at:
            return _no(
                f"the exception {last.id} ends on {last.ends_at.date().isoformat()}",
                "Let the grant end no later.",
            )
    return Verdict(ok=True)


def is_lasting_admin(grant: Grant, role: Role) -> bool:
    """Tell whether a grant makes somebody admin of everything without an end."""
    is_admin = role.built_in and role.name == ADMIN
    return is_admin and grant.scope == EVERYTHING and grant.ends_at is None


def keeps_an_admin(before: frozenset[PersonId], after: frozenset[PersonId]) -> Verdict:
    """Judge whether somebody is left who can manage access."""
    if before and not after:
        return _no(
            "this would leave nobody who is admin",
            "First make somebody else admin of everything, without an end.",
        )
    return Verdict(ok=True)


def _no(reason: str, remedy: str) -> Verdict:
    return Verdict(ok=False, reasons=(reason,), remedy=remedy)
