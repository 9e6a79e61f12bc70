"""Who may give what to whom, and what must not be taken away."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from muniment.access.models import (
    EVERYTHING,
    DutyException,
    Grant,
    GrantSource,
    Holder,
    HolderKind,
    PersonId,
    Role,
    Scope,
    Standing,
)
from muniment.access.rules import (
    BUILT_IN,
    PERMISSIONS,
    Duty,
    clashes,
    fits,
    is_lasting_admin,
    keeps_an_admin,
    may_define,
    may_grant,
    may_take_back,
    without_refused,
)
from muniment.testing import START

ANA, BOB = PersonId("per_ana"), PersonId("per_bob")
STANDING = Standing(Holder(HolderKind.PERSON, ANA), ANA, ())
SYSTEM = Scope.of(system="sys_1")
WORKERS = ("builder", "releaser", "operator")
OWN = Role("grantors", "Give.", frozenset({"access.grant", "ledger.read"}))
READERS = Role("readers", "Read.", frozenset({"ledger.read"}))


@pytest.mark.parametrize(
    ("relied", "role", "fine"),
    [
        *((BUILT_IN["admin"], role, True) for role in (*BUILT_IN.values(), READERS)),
        *((BUILT_IN["owner"], BUILT_IN[name], True) for name in WORKERS),
        *((BUILT_IN["owner"], BUILT_IN[name], False) for name in ("owner", "admin", "auditor")),
        (BUILT_IN["owner"], READERS, False),
        (BUILT_IN["owner"], Role("builder", "Not the real one.", frozenset()), False),
        (BUILT_IN["builder"], BUILT_IN["builder"], False),
        (OWN, READERS, False),
        (OWN, BUILT_IN["admin"], False),
    ],
)
@pytest.mark.requirement("ACC-05")
def test_nobody_grants_more_than_they_may(relied: Role, role: Role, fine: bool) -> None:  # noqa: FBT001
    """Admins give every role, owners those who work on their system, all others none."""
    assert may_grant(STANDING, relied, role, [BOB]).ok is fine


@pytest.mark.parametrize("receivers", [[ANA], [BOB, ANA]])
def test_nobody_grants_to_themselves(receivers: list[PersonId]) -> None:
    """Not as themselves, and not among those who hold through a service or a team."""
    verdict = may_grant(STANDING, BUILT_IN["admin"], BUILT_IN["builder"], receivers)
    assert not verdict.ok
    assert "nobody grants to themselves" in verdict.reasons[0]


def test_who_may_take_back_is_who_gives_and_security() -> None:
    """An owner cannot take the auditor's role away from who judges them; security can."""
    assert may_take_back(BUILT_IN["security"], BUILT_IN["admin"]).ok
    assert may_take_back(BUILT_IN["owner"], BUILT_IN["builder"]).ok
    assert not may_take_back(BUILT_IN["owner"], BUILT_IN["auditor"]).ok


DAYS = timedelta(days=1)
LATER = START + 11 * DAYS
FITS = {
    "no end": ("builder", EVERYTHING, None, ""),
    "an end": ("builder", EVERYTHING, START + DAYS, ""),
    "an end before the beginning": ("builder", EVERYTHING, START, "before it begins"),
    "an audit": ("auditor", SYSTEM, START + 180 * DAYS, ""),
    "an audit without end": ("auditor", SYSTEM, None, "for a time only"),
    "an audit too long": ("auditor", SYSTEM, START + 181 * DAYS, "180 days at most"),
    "an audit of everything": ("auditor", EVERYTHING, START + DAYS, "named places only"),
}


@pytest.mark.parametrize("name", FITS)
def test_a_role_is_held_as_it_may_be_held(name: str) -> None:
    """Ends lie after beginnings; what must expire and be scoped is."""
    role, scope, ends_at, reason = FITS[name]
    verdict = fits(BUILT_IN[role], scope, START, ends_at)
    assert verdict.ok is not bool(reason)
    assert reason in " ".join(verdict.reasons)


@pytest.mark.parametrize(
    ("ends_at", "fine"),
    [
        (None, False),
        (START + 5 * DAYS, True),
        (START + 10 * DAYS, True),
        (LATER, False),
    ],
)
def test_a_grant_under_an_exception_ends_with_it(ends_at: datetime | None, fine: bool) -> None:  # noqa: FBT001
    """What runs under an exception does not outlive it."""
    leave = DutyException(
        *("exc_1", ANA, "builder", "releaser", SYSTEM, "Few.", "per_x", START, START + 10 * DAYS)
    )
    found = clashes(ANA, [Duty("builder", SYSTEM)], [Duty("releaser", SYSTEM)], [leave], START)
    assert without_refused(found, ends_at).ok is fine


def test_roles_of_ones_own_lead_to_no_more_rights() -> None:
    """A defined role cannot carry what gives rights, whatever else it carries."""
    assert may_define([PERMISSIONS["ledger.read"]]).ok
    verdict = may_define([PERMISSIONS["ledger.read"], PERMISSIONS["access.grant"]])
    assert "access.grant" in verdict.reasons[0]


def test_somebody_is_left_who_manages_access() -> None:
    """The last admin is not taken away; before there is one, nothing stands in the way."""
    assert keeps_an_admin(frozenset({ANA}), frozenset({BOB})).ok
    assert keeps_an_admin(frozenset(), frozenset()).ok
    verdict = keeps_an_admin(frozenset({ANA}), frozenset())
    assert not verdict.ok
    assert "make somebody else admin" in verdict.remedy


@pytest.mark.parametrize(
    ("role", "scope", "ends_at", "lasting"),
    [
        ("admin", EVERYTHING, None, True),
        ("admin", SYSTEM, None, False),
        ("admin", EVERYTHING, START, False),
        ("security", EVERYTHING, None, False),
    ],
)
def test_a_lasting_admin_is_admin_of_everything_without_end(
    role: str,
    scope: Scope,
    ends_at: datetime | None,
    lasting: bool,  # noqa: FBT001
) -> None:
    """Whoever manages a part, or for a time, is not counted as the one who stays."""
    grant = Grant(
        *(
            "grt_1",
            Holder(HolderKind.PERSON, ANA),
            role,
            scope,
            GrantSource.PERSON,
            "r",
            "x",
            START,
        ),
        ends_at,
    )
    assert is_lasting_admin(grant, BUILT_IN[role]) is lasting
