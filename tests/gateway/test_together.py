"""Calls that come together ask the database once, and one that reads its own waits for nobody."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from anyio import CapacityLimiter

from muniment.core.errors import UnavailableError
from muniment.db import require_may_wait
from muniment.gateway.together import Together


def reading(begun: list[int], known: list[bool]) -> Callable[[int], int]:
    """Make what must wait until somebody has read; note on which thread each begins."""

    def read(number: int) -> int:
        begun.append(threading.get_ident())
        if not known:
            require_may_wait()
            known.append(True)
        return number

    return read


def test_one_reads_and_the_others_go_on_with_it() -> None:
    """Of twenty that come together one goes to a thread; each is given its own result."""
    begun: list[int] = []
    read = reading(begun, [])

    async def all_of_them() -> list[int]:
        together = Together(CapacityLimiter(20))
        each = [together.soon(lambda: "the same", read, number) for number in range(20)]
        return await asyncio.gather(*each)

    assert asyncio.run(all_of_them()) == list(range(20))
    assert sum(where != threading.get_ident() for where in begun) == 1


def test_who_reads_something_of_its_own_waits_for_nobody() -> None:
    """What cannot be shared is read by each, at the same time."""
    meeting = threading.Barrier(3, timeout=10)

    def read(number: int) -> int:
        require_may_wait()
        meeting.wait()
        return number

    async def all_of_them() -> list[int]:
        together = Together(CapacityLimiter(20))
        return await asyncio.gather(*(together.soon(lambda: None, read, n) for n in range(3)))

    assert asyncio.run(all_of_them()) == [0, 1, 2]


def test_when_the_first_fails_the_next_tries() -> None:
    """An error is told to who read, and nobody who waited takes it for theirs."""
    tried: list[int] = []

    def read(number: int) -> int:
        require_may_wait()
        tried.append(number)
        if number == 0:
            raise UnavailableError("the database is away")
        return number

    async def all_of_them() -> list[object]:
        together = Together(CapacityLimiter(20))
        each = [together.soon(lambda: "the same", read, number) for number in range(8)]
        return list(await asyncio.gather(*each, return_exceptions=True))

    first, *others = asyncio.run(all_of_them())
    assert isinstance(first, UnavailableError)
    assert others == list(range(1, 8))
    assert sorted(tried) == list(range(8))


def test_one_that_is_taken_back_leaves_nobody_waiting() -> None:
    """A caller who goes away while they read for others does not keep these."""
    begun, may_end = threading.Event(), threading.Event()

    def read(number: int) -> int:
        require_may_wait()
        begun.set()
        assert may_end.wait(10)
        return number

    async def both() -> int:
        together = Together(CapacityLimiter(20))
        first = asyncio.create_task(together.soon(lambda: "the same", read, 1))
        await asyncio.to_thread(begun.wait, 10)
        second = asyncio.create_task(together.soon(lambda: "the same", read, 2))
        await asyncio.sleep(0)
        first.cancel()
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await first
        return await second

    assert asyncio.run(both()) == 2
