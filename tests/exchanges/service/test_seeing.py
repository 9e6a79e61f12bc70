"""Who sees calls."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment import access
from muniment.access import Holder, HolderKind, KeyLimits, Scope
from muniment.core.actor import system_actor
from muniment.core.errors import ForbiddenError
from muniment.exchanges.service.seeing import AREA, require_seen, systems_seen
from tests.approvals.people import Office


def test_who_sees_which_systems(office: Office) -> None:
    """The area and everything mean all; a system means itself; a system's environment, nothing."""
    office.person("olga", "owner")
    office.person("aud", "compliance", scope=AREA)
    office.person("eve", "owner", scope=Scope.of(system="sys_1", environment="test"))
    office.person("nora")
    wanted = {"sven": None, "aud": None, "olga": {"sys_1"}, "eve": set(), "nora": set()}
    for name, systems in wanted.items():
        with office.by(name) as work:
            assert systems_seen(work) == systems, name
    with office.by("aud") as work:
        require_seen(work, "sys_9")
    with office.by("olga") as work, pytest.raises(ForbiddenError):
        require_seen(work, "sys_9")
    with office.database.look(system_actor("test")) as work:
        assert systems_seen(work) is None


def test_a_key_for_one_system_sees_that_one(office: Office) -> None:
    """Its holder sees all; with the key they see the calls of its system."""
    limits = KeyLimits(scope=Scope.of(system="sys_1"))
    holder = Holder(HolderKind.PERSON, office.id("sven"))
    with office.by("sven") as work:
        key = access.issue_key(work, holder, "a key", limits=limits).key
    with office.database.look(replace(office.people["sven"], credential=key.id)) as work:
        assert systems_seen(work) == frozenset({"sys_1"})
