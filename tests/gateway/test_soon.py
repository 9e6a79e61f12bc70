"""What need not wait is done at once, what must wait on a thread, and many are woken together."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future

import pytest
from anyio import CapacityLimiter

from muniment.db import require_may_wait
from muniment.gateway.soon import durable, soon


def test_only_what_must_wait_goes_to_a_thread() -> None:
    """It is begun anew there, from its beginning, with the same things given."""
    began: list[tuple[str, int]] = []

    def quick(number: int) -> int:
        began.append(("quick", threading.get_ident()))
        return number

    def slow(number: int) -> int:
        began.append(("slow", threading.get_ident()))
        require_may_wait()
        return number

    async def both() -> tuple[int, int]:
        threads = CapacityLimiter(2)
        return await soon(threads, quick, 1), await soon(threads, slow, 2)

    assert asyncio.run(both()) == (1, 2)
    here = threading.get_ident()
    assert [name for name, _ in began] == ["quick", "slow", "slow"]
    assert [where == here for _, where in began] == [True, True, False]


def test_many_that_are_done_on_another_thread_are_all_woken() -> None:
    """Each is given its own result or error; one who has gone is left out, nobody is forgotten."""

    async def all_of_them() -> list[object]:
        futures = [Future[int]() for _ in range(200)]
        waiting = [asyncio.create_task(durable(each)) for each in futures]
        await asyncio.sleep(0)
        waiting[7].cancel()

        def end() -> None:
            for number, each in enumerate(futures):
                if number % 50 == 3:
                    each.set_exception(ValueError(str(number)))
                else:
                    each.set_result(number)

        other = threading.Thread(target=end)
        other.start()
        found = await asyncio.gather(*waiting, return_exceptions=True)
        other.join()
        assert await durable(futures[1]) == 1
        with pytest.raises(ValueError, match="3"):
            await durable(futures[3])
        return list(found)

    found = asyncio.run(all_of_them())
    assert isinstance(found[7], asyncio.CancelledError)
    wrong = [number for number, each in enumerate(found) if isinstance(each, ValueError)]
    assert wrong == [3, 53, 103, 153]
    assert found[8:53] == list(range(8, 53))
