"""May they? Every way to be refused says why, and what would help."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.access.models import (
    EVERYTHING,
    SCOPE_KINDS,
    Grant,
    GrantSource,
    Holder,
    HolderKind,
    PersonId,
    Role,
    Scope,
    Standing,
)
from muniment.access.rules import BUILT_IN, may, permission_of
from muniment.testing import START

ANA = Holder(HolderKind.PERSON, "per_ana")
SYSTEM = Scope.of(system="sys_1")


def grant(role: str = "operator", scope: Scope = EVERYTHING, **facts: object) -> Grant:
    """Make a grant to Ana that began at the start."""
    made = Grant(
        id="grt_1",
        holder=ANA,
        role=role,
        scope=scope,
        source=GrantSource.PERSON,
        reason="Tests.",
        granted_by="per_ines",
        starts_at=START,
    )
    return replace(made, **facts)  # type: ignore[arg-type]  # facts are named by each test


def standing(*grants: Grant, **facts: object) -> Standing:
    """Let Ana stand on grants of built-in roles."""
    made = Standing(ANA, PersonId(ANA.id), tuple((each, BUILT_IN[each.role]) for each in grants))
    return replace(made, **facts)  # type: ignore[arg-type]


def test_a_grant_that_reaches_allows() -> None:
    """What a role carries is allowed where its grant reaches, and the grant is named."""
    verdict = may(standing(grant()), permission_of("jobs.retry"), SYSTEM, START)
    assert verdict.ok
    assert verdict.grant == grant()
    assert verdict.role == BUILT_IN["operator"]


DAY = timedelta(days=1)
REFUSALS = {
    "no grant": (standing(), "jobs.retry", EVERYTHING, "no grant of theirs carries jobs.retry"),
    "another role": (standing(grant("builder")), "jobs.retry", EVERYTHING, "no grant of theirs"),
    "elsewhere": (
        standing(grant(scope=SYSTEM)),
        "jobs.retry",
        Scope.of(system="sys_2"),
        "reaches system sys_1, and system sys_2 was asked for",
    ),
    "wider": (standing(grant(scope=SYSTEM)), "jobs.retry", EVERYTHING, "everything was asked for"),
    "ended": (
        standing(grant(ends_at=START)),
        "jobs.retry",
        EVERYTHING,
        "ended on 2026-03-01",
    ),
    "revoked": (
        standing(grant(revoked_at=START)),
        "jobs.retry",
        EVERYTHING,
        "was revoked on 2026-03-01",
    ),
    "not begun": (
        standing(grant(starts_at=START + DAY)),
        "jobs.retry",
        EVERYTHING,
        "begins on 2026-03-02",
    ),
    "suspended": (
        standing(grant(), problem="their account is suspended"),
        "jobs.retry",
        EVERYTHING,
        "their account is suspended",
    ),
    "a key for less": (
        standing(grant(), by_key=True, limits=(frozenset({"jobs.read"}), EVERYTHING)),
        "jobs.retry",
        EVERYTHING,
        "not made for jobs.retry",
    ),
    "a key for elsewhere": (
        standing(grant(), by_key=True, limits=(None, SYSTEM)),
        "jobs.retry",
        EVERYTHING,
        "reaches system sys_1 only",
    ),
    "a key where a person is needed": (
        standing(grant("compliance"), by_key=True),
        "policy.publish",
        EVERYTHING,
        "is for a person who is signed in",
    ),
    "a program where a person is needed": (
        standing(grant("compliance"), holder=Holder(HolderKind.SERVICE, "svc_1")),
        "policy.publish",
        EVERYTHING,
        "is for a person who is signed in",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
@pytest.mark.requirement("ACC-01", "ACC-19")
def test_every_refusal_says_why_and_what_helps(name: str) -> None:
    """Nobody is refused without a reason in words and a way out."""
    stands, permission, scope, reason = REFUSALS[name]
    verdict = may(stands, permission_of(permission), scope, START)
    assert not verdict.ok
    assert verdict.grant is None
    assert reason in " ".join(verdict.reasons)
    assert verdict.remedy.endswith(".")


def test_the_way_out_names_roles_and_who_gives_them() -> None:
    """Who is refused learns which role would allow it, and who can grant that."""
    verdict = may(standing(), permission_of("ledger.rotate_key"), EVERYTHING, START)
    assert verdict.remedy == (
        "The role security over everything would allow it;"
        " somebody who is owner or admin can grant it."
    )


def test_an_ordinary_grant_is_relied_on_before_an_emergency() -> None:
    """A record names the everyday grant where there is one, and of those the narrowest."""
    glass = grant(scope=SYSTEM, id="grt_0", source=GrantSource.BREAK_GLASS)
    wide, narrow = grant(id="grt_2"), grant(scope=SYSTEM, id="grt_3")
    verdict = may(standing(glass, wide, narrow), permission_of("jobs.retry"), SYSTEM, START)
    assert verdict.grant == narrow
    assert may(standing(glass), permission_of("jobs.retry"), SYSTEM, START).grant == glass


def test_what_is_bounded_by_itself_needs_a_grant_anywhere() -> None:
    """One's own keys need some grant, of whatever scope, and not none."""
    own = permission_of("access.own_keys")
    assert may(standing(grant("builder", SYSTEM)), own, EVERYTHING, START).ok
    assert not may(standing(), own, EVERYTHING, START).ok


def test_a_role_of_ones_own_is_named_among_the_ways_out() -> None:
    """A role somebody defined is a way out like the built-in ones, told after them."""
    retriers = Role("retriers", "Retry.", frozenset({"jobs.retry"}))
    verdict = may(
        standing(), permission_of("jobs.retry"), EVERYTHING, START, [retriers, BUILT_IN["admin"]]
    )
    assert "admin or retriers" in verdict.remedy


SCOPES = st.dictionaries(st.sampled_from(SCOPE_KINDS), st.sampled_from(["1", "2"])).map(Scope.read)


@given(held=SCOPES, asked=SCOPES)
@pytest.mark.requirement("ACC-06", "ACC-07", "ACC-08")
def test_nothing_is_allowed_outside_the_scope_of_a_grant(held: Scope, asked: Scope) -> None:
    """For every pair of scopes: allowed exactly where each place the grant names is asked for."""
    inside = all(asked.place(kind) == named for kind, named in held.places)
    verdict = may(standing(grant(scope=held)), permission_of("jobs.retry"), asked, START)
    assert verdict.ok is inside


@given(limit=SCOPES, held=SCOPES, asked=SCOPES)
def test_a_key_never_reaches_further_than_its_holder(
    limit: Scope, held: Scope, asked: Scope
) -> None:
    """A key's limits only take away: allowed is what both the grant and the key reach."""
    stands = standing(grant(scope=held), by_key=True, limits=(None, limit))
    verdict = may(stands, permission_of("jobs.retry"), asked, START)
    assert verdict.ok is (held.reaches(asked) and limit.reaches(asked))
