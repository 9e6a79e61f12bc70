"""A process that is behind says so."""

from __future__ import annotations

import asyncio
import time

from muniment.gateway.pace import LATE_SECONDS, Pace


def test_a_loop_that_is_kept_busy_is_behind_and_catches_up() -> None:
    """With nothing due late it is not behind; held up, it is; a moment later no more."""

    async def busy() -> tuple[bool, bool, bool]:
        pace = Pace(asyncio.get_running_loop())
        await asyncio.sleep(0.01)
        before = pace.is_behind()
        time.sleep(LATE_SECONDS + 0.1)  # noqa: ASYNC251 this is what holds it up
        held = pace.is_behind()
        end = time.monotonic() + 20
        while pace.is_behind() and time.monotonic() < end:  # noqa: ASYNC110 nobody tells of it
            await asyncio.sleep(0.05)
        after = pace.is_behind()
        pace.stop()
        return before, held, after

    assert asyncio.run(busy()) == (False, True, False)
