"""Duties one person should not hold together, judged by person and by system."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from muniment.access.models import Conflict, DutyException, Permission, PersonId, Role, Scope
from muniment.access.rules.permissions import (
    ADMIN,
    AUDITOR,
    BUILDER,
    COMPLIANCE,
    OPERATOR,
    OWNER,
    PERMISSIONS,
    RELEASER,
    SECURITY,
)

CONFLICTS: Final = (
    Conflict(BUILDER, RELEASER, "who builds a system does not decide that it goes live"),
    Conflict(BUILDER, OPERATOR, "who builds a system does not watch over it alone"),
    Conflict(RELEASER, OPERATOR, "who releases a system does not judge how it runs"),
    Conflict(OWNER, AUDITOR, "an auditor does not judge what they answer for"),
    Conflict(BUILDER, AUDITOR, "an auditor does not judge their own work"),
    Conflict(RELEASER, AUDITOR, "an auditor does not judge their own decisions"),
    Conflict(OPERATOR, AUDITOR, "an auditor does not judge their own watch"),
    Conflict(SECURITY, AUDITOR, "an auditor does not judge the controls they keep"),
    Conflict(COMPLIANCE, AUDITOR, "an auditor does not judge the reviews they run"),
    Conflict(ADMIN, AUDITOR, "an auditor does not judge the access they gave"),
    Conflict(COMPLIANCE, BUILDER, "who builds should not attest to it", refuse=False),
    Conflict(COMPLIANCE, RELEASER, "who releases should not attest to it", refuse=False),
    Conflict(OWNER, COMPLIANCE, "who answers for a system should not attest to it", refuse=False),
    Conflict(ADMIN, BUILDER, "who manages access should hold no duty", refuse=False),
    Conflict(ADMIN, RELEASER, "who manages access should hold no duty", refuse=False),
    Conflict(ADMIN, OPERATOR, "who manages access should hold no duty", refuse=False),
)
DUTIES: Final = (OWNER, BUILDER, RELEASER, OPERATOR, SECURITY, COMPLIANCE, AUDITOR, ADMIN)

# Acts that several roles may do, and that are all the same what makes somebody hold one duty.
_MARKS: Final = {"registry.write": BUILDER}


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty a person holds somewhere: by which role, and under which grant."""

    name: str
    scope: Scope
    grant_id: str = ""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two duties of one person that meet, and the exception it runs under, if there is one."""

    conflict: Conflict
    person_id: PersonId
    held: Duty
    new: Duty
    exception: DutyException | None = None

    @property
    def refused(self) -> bool:
        """Tell whether it may not be."""
        return self.conflict.refuse and self.exception is None

    def __str__(self) -> str:
        return (
            f"{self.person_id} is {self.held.name} over {self.held.scope}"
            f" and would be {self.new.name}: {self.conflict.says}"
        )


def duties_in(role: Role) -> frozenset[str]:
    """Name the duties in a role: its own if built in, else those whose acts it carries."""
    if role.built_in:
        return frozenset({role.name}) & frozenset(DUTIES)
    carried = (PERMISSIONS[name] for name in role.permissions if name in PERMISSIONS)
    return frozenset(_duty_in(each) for each in carried) - {""}


def _duty_in(permission: Permission) -> str:
    """Name the duty of an act: its mark, or the one role that does it, admins left aside."""
    if permission.name in _MARKS:
        return _MARKS[permission.name]
    doing = [name for name in permission.roles if name != ADMIN]
    return doing[0] if permission.writes and len(doing) == 1 else ""


def meet(one: Scope, other: Scope) -> bool:
    """Tell whether two scopes have a system in common; who names none reaches every system."""
    system, another = one.place("system"), other.place("system")
    return not system or not another or system == another


def clashes(
    person_id: PersonId,
    held: Iterable[Duty],
    new: Iterable[Duty],
    exceptions: Iterable[DutyException],
    at: datetime,
) -> tuple[Clash, ...]:
    """Find what the new duties of a person clash with, among all that the person holds."""
    new, exceptions = tuple(new), tuple(exceptions)
    everything = (*held, *new)
    found = {
        (conflict, mine.name, mine.scope, fresh.name): Clash(
            conflict, person_id, mine, fresh, _excuse(conflict, fresh.scope, exceptions, at)
        )
        for fresh in new
        for mine in everything
        for conflict in CONFLICTS
        if {mine.name, fresh.name} == {conflict.one, conflict.other}
        and meet(mine.scope, fresh.scope)
    }
    return tuple(found.values())


def _excuse(
    conflict: Conflict, scope: Scope, exceptions: Iterable[DutyException], at: datetime
) -> DutyException | None:
    wanted = {conflict.one, conflict.other}
    fitting = [
        each
        for each in exceptions
        if {each.one, each.other} == wanted and each.holds(at) and each.scope.reaches(scope)
    ]
    return max(fitting, key=lambda each: each.ends_at, default=None)
