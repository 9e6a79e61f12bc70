"""What the stages are given: who may call, with which scanner, never older than a second."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment import access
from muniment.access import Scope
from muniment.core.actor import Actor
from muniment.gateway import Means
from muniment.server import House
from muniment.server.corridor import make_gateway
from tests.gateway.calling import ECHO, HERE, set_up
from tests.server.asking import house_in


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[House, Means, Actor, str]]:
    """A house with a system, what its gateway is given, and the caller."""
    with house_in(tmp_path / "data", **{"jobs.inside": False}) as house:
        system, key = set_up(house, ECHO)
        gateway = make_gateway(house)
        yield house, gateway.means, house.keybook.identify(key), system
        assert gateway.means.writer.stop(grace_seconds=10)


def test_who_calls_is_known_with_roles_and_place(
    opened: tuple[House, Means, Actor, str],
) -> None:
    """An application of an owner, its role, and the one system that its key reaches."""
    _, means, caller, system = opened
    known = means.standings.of(caller, system, "production")
    assert known.verdict.ok
    assert known.principal.type == "Application"
    assert known.principal.parents == (("Role", "operator"),)
    assert means.standings.scope_of(caller) == Scope.of(system=system, environment="production")
    assert not means.standings.of(caller, "sys_elsewhere", "production").verdict.ok


def test_what_was_taken_back_is_gone_within_a_second(
    opened: tuple[House, Means, Actor, str],
) -> None:
    """A key that ended lets nobody call, though it could a moment ago."""
    house, means, caller, system = opened
    assert means.standings.of(caller, system, "production").verdict.ok
    with house.database.work(HERE) as work:
        access.revoke_key(work, caller.credential)
    means.standings = type(means.standings)(house.database)
    assert not means.standings.of(caller, system, "production").verdict.ok


def test_one_scanner_serves_a_system(opened: tuple[House, Means, Actor, str]) -> None:
    """It is made once, and its build is on record before anything names it."""
    house, means, _, system = opened
    assert means.scanners.of(system) is means.scanners.of(system)
    house.log.seal()
    kinds = [each.kind for each in house.log.read_after(0, 1_000)]
    assert kinds.count("detect.build_began") == 1


def test_the_minute_is_the_moment(opened: tuple[House, Means, Actor, str]) -> None:
    """Calls of one minute are judged at the same moment, so they are judged once."""
    assert opened[1].now() % 60 == 0
