"""What is known of calls is kept young between them, and for no longer than a few seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.core.actor import Actor
from muniment.db import MustWaitError, at_once
from muniment.exchanges import Origin
from muniment.gateway import Means
from muniment.gateway.exchange import Call, Received
from muniment.gateway.vigil import Vigil
from muniment.server import House
from muniment.server.corridor import make_gateway
from tests.gateway.calling import ECHO, set_up
from tests.gateway.outgoing.talking import until
from tests.server.asking import house_in


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[House, Means, Call]]:
    """A house with a system, what its gateway is given, and a call as far as it was resolved."""
    with house_in(tmp_path / "data", **{"jobs.inside": False}) as house:
        system, key = set_up(house, ECHO)
        means = make_gateway(house).means
        actor = house.keybook.identify(key)
        serving = means.resolver.resolve(system, "production")
        call = Call(
            Received("exc_1", "chat", {}, "127.0.0.1"),
            actor=actor,
            origin=Origin("exc_1", system, "production", actor.credential, "chat"),
            serving=serving,
            set_digest=serving.shares[0].set_digest,
        )
        yield house, means, call
        means.vigil.stop()
        assert means.writer.stop(grace_seconds=10)


def is_known(means: Means, actor: Actor, system: str) -> bool:
    """Tell whether a call would find all it looks up without waiting for the database."""

    def look() -> None:
        means.standings.scope_of(actor)
        means.standings.of(actor, system, "production")
        means.resolver.resolve(system, "production")
        means.book.pulse()
        means.scanners.of(system)
        means.digester.digest(actor, system, b"")

    try:
        at_once(look)
    except MustWaitError:
        return False
    return True


def test_what_calls_look_up_is_read_though_nobody_calls(
    opened: tuple[House, Means, Call],
) -> None:
    """After a call all of it is there for the next one, which need not wait."""
    _, means, call = opened
    actor, serving = call.actor, call.serving
    assert actor is not None
    assert serving is not None

    async def between_calls() -> None:
        assert not is_known(means, actor, serving.system_id)
        means.vigil.note(call)
        await until(lambda: is_known(means, actor, serving.system_id))

    asyncio.run(between_calls())


def test_the_vigil_lasts_while_calls_are_under_way_and_ends_by_itself(
    opened: tuple[House, Means, Call],
) -> None:
    """A long stream keeps it awake; a process that nobody calls asks its database for nothing."""
    _, means, call = opened
    watch = Vigil(means, stands_seconds=0.0)

    async def a_process() -> None:
        means.running = 1
        watch.note(call)
        await until(lambda: watch.turns > 2)
        assert watch.is_awake
        means.running = 0
        await until(lambda: not watch.is_awake)

    asyncio.run(a_process())


def test_a_process_that_ends_is_not_kept_by_it(opened: tuple[House, Means, Call]) -> None:
    """Once it is stopped it looks no more."""
    _, means, call = opened

    async def a_process() -> None:
        means.vigil.note(call)
        assert means.vigil.is_awake
        means.vigil.stop()
        assert not means.vigil.is_awake

    asyncio.run(a_process())
