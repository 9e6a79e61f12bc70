"""A task waits so long for each part and no longer, and whoever else cancels it is obeyed."""

from __future__ import annotations

import asyncio

import pytest

from muniment.gateway.patience import Patience


async def waited(seconds: float, *, begun_anew: bool = False) -> str:
    """Wait for what never comes, and say what ended that."""
    patience = Patience(seconds)
    if begun_anew:
        patience.begin_anew()
    try:
        await asyncio.get_running_loop().create_future()
    except asyncio.CancelledError:
        return "too long" if patience.has_ended() else "cancelled"
    finally:
        patience.stop()
    return "came"


def test_a_part_that_does_not_come_is_given_up() -> None:
    """Then the task goes on as one that was never cancelled."""

    async def both() -> tuple[str, int, str]:
        first = await waited(0.01)
        task = asyncio.current_task()
        assert task is not None
        left = task.cancelling()
        return first, left, await waited(0.01, begun_anew=True)

    assert asyncio.run(both()) == ("too long", 0, "too long")


def test_whoever_cancels_the_task_is_obeyed() -> None:
    """A caller who went away is not told that the provider took too long."""

    async def cancelled() -> str:
        task = asyncio.create_task(waited(60))
        await asyncio.sleep(0)
        task.cancel()
        return await task

    assert asyncio.run(cancelled()) == "cancelled"


def test_what_came_in_time_is_left_alone() -> None:
    """A timer that was stopped never rings, and one that rings early waits for the rest."""

    async def come() -> str:
        loop = asyncio.get_running_loop()
        came: asyncio.Future[str] = loop.create_future()
        patience = Patience(0.04)
        loop.call_later(0.02, patience.begin_anew)
        loop.call_later(0.05, came.set_result, "came")
        said = await came
        patience.stop()
        never: asyncio.Future[None] = loop.create_future()
        loop.call_later(0.06, never.cancel)
        with pytest.raises(asyncio.CancelledError):
            await never
        assert not patience.has_ended(), "it was not the timer"
        return said

    assert asyncio.run(come()) == "came"


def test_only_a_task_can_be_patient() -> None:
    """Outside of one there is nothing to cancel."""

    async def without() -> None:
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def begin() -> None:
            try:
                Patience(1)
            except RuntimeError as error:
                future.set_result(str(error))

        asyncio.get_running_loop().call_soon(begin)
        assert "only a task" in await future

    asyncio.run(without())
    with pytest.raises(RuntimeError):
        Patience(1)
