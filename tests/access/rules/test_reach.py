"""Who could reach what: states, memberships, grants and roles put together."""

from __future__ import annotations

import pytest

from muniment.access.models import (
    EVERYTHING,
    Grant,
    GrantSource,
    Holder,
    HolderKind,
    Membership,
    TeamId,
)
from muniment.access.rules import BUILT_IN, reach
from muniment.testing import START

ANA = Holder(HolderKind.PERSON, "per_ana")
BOT = Holder(HolderKind.SERVICE, "svc_bot")
TEAM = Holder(HolderKind.TEAM, "team_1")
ROLES = dict(BUILT_IN)


def grant(holder: Holder, role: str = "builder") -> Grant:
    """Make a grant."""
    return Grant(
        f"grt_{holder.id}", holder, role, EVERYTHING, GrantSource.PERSON, "r", "per_x", START
    )


@pytest.mark.requirement("ACC-09")
def test_a_team_reaches_through_each_of_its_members() -> None:
    """What a team holds is a line for every person and service in it, naming the membership."""
    inside = [Membership(f"mem_{each.id}", TeamId("team_1"), each, START) for each in (ANA, BOT)]
    states = {ANA: ("active", ""), BOT: ("active", "per_ana")}
    found = reach([grant(TEAM)], inside, states, ROLES)
    assert [(each.holder, each.person_id, each.through) for each in found] == [
        (ANA, "per_ana", "mem_per_ana"),
        (BOT, "per_ana", "mem_svc_bot"),
    ]
    assert all(each.open for each in found)


@pytest.mark.parametrize(
    ("states", "state", "person"),
    [
        ({BOT: ("active", "per_ana"), ANA: ("active", "")}, "active", "per_ana"),
        ({BOT: ("suspended", "per_ana"), ANA: ("active", "")}, "suspended", "per_ana"),
        ({BOT: ("active", "per_ana"), ANA: ("left", "")}, "owner left", "per_ana"),
        ({BOT: ("active", "per_ana")}, "owner unknown", "per_ana"),
        ({}, "unknown", None),
    ],
)
def test_a_service_resolves_to_the_person_who_answered_for_it(
    states: dict[Holder, tuple[str, str]], state: str, person: str | None
) -> None:
    """A service opened something only while both it and its person were active."""
    (found,) = reach([grant(BOT)], [], states, ROLES)
    assert (found.state, found.person_id, found.open) == (state, person, state == "active")


def test_a_role_that_was_not_there_opens_nothing() -> None:
    """A grant of a role that had ended, or an empty team, reaches nothing."""
    assert reach([grant(ANA, "gone")], [], {ANA: ("active", "")}, ROLES) == ()
    assert reach([grant(TEAM)], [], {}, ROLES) == ()
