"""Roles follow groups: given, taken back, and never what a person gave."""

from __future__ import annotations

from muniment.access import (
    Claims,
    GrantSource,
    GroupRole,
    Holder,
    HolderKind,
    Issuer,
    IssuerUse,
    Person,
    Reception,
    Scope,
    Trust,
    grant,
    store,
)
from muniment.access.service.following import follow_groups
from muniment.testing.clock import START
from tests.access.reception import ROOT

PLACE = Scope.of(system="sys_1")
TRUST = Trust(group_roles=(GroupRole("a", "owner", PLACE), GroupRole("b", "no-such-role")))
ISSUER = Issuer("iss_1", "D", "https://d", IssuerUse.PEOPLE, "us", TRUST, True, START)


def test_only_what_groups_gave_is_taken_back(reception: Reception, ines: Person) -> None:
    """A group's grant comes and goes with it; a grant by a person stays."""
    holder = Holder(HolderKind.PERSON, ines.id)
    with reception.database.work(ROOT) as work:
        grant(work, holder, "owner", reason="She answers for it.")
        for groups in (("a", "b"), ("a",), ()):
            follow_groups(work, ISSUER, ines.id, Claims("1", groups=groups, groups_known=True))
    with reception.database.look(ROOT) as work:
        held = {each.source: each for each in store.grants_of(work, [holder])}
        assert len(store.grants_of(work, [holder])) == 2
        assert held[GrantSource.PERSON].holds(work.now)
        assert held[GrantSource.DIRECTORY].scope == PLACE
        assert held[GrantSource.DIRECTORY].revoked_at is not None
