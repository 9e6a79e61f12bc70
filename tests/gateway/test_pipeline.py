"""The corridor's one order, and what runs it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from muniment.gateway.exchange import Call, Received, Stop
from muniment.gateway.means import Means
from muniment.gateway.pipeline import CORRIDOR, run
from muniment.server.corridor import make_gateway
from tests.gateway.calling import ECHO, bodies, set_up
from tests.server.asking import house_in

BODY = b'{"model": "echo", "messages": [{"role": "user", "content": "hello"}]}'


class Broken:
    """A part that is not what it should be."""


def test_the_order_is_the_promise() -> None:
    """What is recorded comes before what leaves, and what is judged before what is recorded."""
    names = [each.name for each in CORRIDOR]
    for earlier, later in (
        ("identify", "receive"),
        ("inspect", "decide"),
        ("decide", "hold"),
        ("hold", "protect"),
        ("protect", "intend"),
        ("intend", "forward"),
        ("forward", "answer"),
        ("answer", "record"),
    ):
        assert names.index(earlier) < names.index(later)
    assert all((each.at_once is None) != (each.waits is None) for each in CORRIDOR)


def test_a_stage_that_breaks_stops_the_call(tmp_path: Path) -> None:
    """Nothing is passed on unguarded, the caller learns nothing of the inside, all is on record.

    Broken before the intent it is a refusal, after it an outcome; each stage that passed is timed.
    One that waited so long before its first stage that nobody waits any more is not begun.
    """
    with house_in(tmp_path / "data", **{"jobs.inside": False}) as house:
        _, key = set_up(house, ECHO)
        headers = {"authorization": f"Bearer {key}"}

        async def walk(broken: str, waited_seconds: float = 0.0) -> Call | Stop:
            gateway = make_gateway(house)
            means: Means = gateway.means
            whole: Any = getattr(means, broken) if broken else None
            if broken:
                setattr(means, broken, Broken())
            began = house.database.clock.monotonic() - waited_seconds
            received = Received(means.ids.new("exc"), "chat", headers, "", BODY, began=began)
            try:
                return await run(Call(received), means)
            finally:
                if broken:
                    setattr(means, broken, whole)
                await gateway.close()

        good = asyncio.run(walk(""))
        assert isinstance(good, Call)
        assert {"identify", "inspect", "intend", "forward"} <= set(good.took)
        for broken, stage in (("scanners", "inspect"), ("providers", "forward")):
            stopped = asyncio.run(walk(broken))
            assert isinstance(stopped, Stop)
            assert (stopped.status, stopped.stage) == (500, stage)
            assert "Broken" not in f"{stopped.says} {stopped.reasons}"
        late = asyncio.run(walk("", 60))
        assert isinstance(late, Stop)
        assert (late.status, late.code, late.retry, late.retry_after) == (
            503,
            "overloaded",
            True,
            1,
        )
        house.log.seal()
        entries = house.log.read_after(0, 1_000)
        kinds = [each.kind for each in entries if each.kind.startswith("exchanges.")]
        assert kinds.count("exchanges.intended") == 2
        assert kinds.count("exchanges.concluded") == 2
        assert kinds.count("exchanges.refused") == 1
        refused = bodies([each for each in entries if each.kind == "exchanges.refused"])[0]
        assert refused["code"] == "internal"
