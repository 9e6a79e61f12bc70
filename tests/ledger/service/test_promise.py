"""A promise of the writer is a future: told once, heard by all, on every thread."""

from __future__ import annotations

import asyncio
import gc
import threading
from concurrent.futures import Future, InvalidStateError

import pytest

from muniment.ledger.service.promise import Handed, Promise, fail, tell

BOTH = pytest.mark.parametrize("kind", [Promise, Future])


@BOTH
def test_it_gives_what_it_was_told(kind: type[Future[int]]) -> None:
    """A result, or the very error; whoever asks later hears the same."""
    good, bad, error = kind(), kind(), ValueError("no")
    assert not good.done()
    good.set_result(7)
    bad.set_exception(error)
    for _ in range(2):
        assert (good.result(), good.exception(), good.done()) == (7, None, True)
        assert bad.exception() is error
        with pytest.raises(ValueError, match="no"):
            bad.result()
    assert not good.running()
    assert not good.cancelled()


@BOTH
def test_it_is_told_once(kind: type[Future[int]]) -> None:
    """What is durable does not become something else."""
    one = kind()
    one.set_result(1)
    with pytest.raises(InvalidStateError):
        one.set_result(2)
    with pytest.raises(InvalidStateError):
        one.set_exception(ValueError())
    assert one.result() == 1


@BOTH
def test_who_waits_too_long_is_told(kind: type[Future[int]]) -> None:
    """And may ask again later."""
    one = kind()
    for ask in (one.result, one.exception):
        with pytest.raises(TimeoutError):
            ask(0)
    one.set_result(1)
    assert one.result(0) == 1


@BOTH
def test_all_are_called_in_their_order_even_if_one_breaks(
    kind: type[Future[int]], caplog: pytest.LogCaptureFixture
) -> None:
    """Before the end and after it; what breaks one takes nothing from the others."""
    heard: list[object] = []
    one = kind()
    one.add_done_callback(lambda each: heard.append(each.result()))
    one.add_done_callback(lambda _each: 1 / 0)
    one.add_done_callback(lambda _each: heard.append("last"))
    one.set_result(3)
    one.add_done_callback(lambda _each: heard.append("late"))
    assert heard == [3, "last", "late"]
    assert "ZeroDivisionError" in caplog.text


@BOTH
def test_threads_that_wait_are_all_woken(kind: type[Future[int]]) -> None:
    """Many that came before it was told, and each hears it."""
    one, heard = kind(), list[int]()
    waiting = [threading.Thread(target=lambda: heard.append(one.result(30))) for _ in range(8)]
    for each in waiting:
        each.start()
    one.set_result(5)
    for each in waiting:
        each.join(30)
    assert heard == [5] * 8


@BOTH
def test_a_loop_can_wait_for_it(kind: type[Future[int]]) -> None:
    """As for any other future of a thread."""

    async def wait() -> int:
        one = kind()
        other = threading.Thread(target=lambda: one.set_result(9))
        other.start()
        found = await asyncio.wrap_future(one)
        other.join()
        return found

    assert asyncio.run(wait()) == 9


def test_it_cannot_be_taken_back() -> None:
    """What was handed in is written."""
    one = Promise[int]()
    assert one.set_running_or_notify_cancel()
    assert one.running()
    assert not one.cancel()
    assert "under way" in repr(one)
    one.set_result(1)
    assert one.result() == 1
    assert "done" in repr(one)


def test_many_are_told_at_once() -> None:
    """Loops, threads and calls hear of it, each the right result; a closed loop stops nobody."""
    heard: list[object] = []

    async def leaves(one: Promise[int]) -> bool:
        return one.wakes(asyncio.get_running_loop().create_future())

    async def waits(some: list[Promise[int]]) -> list[int]:
        loop = asyncio.get_running_loop()
        waiters = [loop.create_future() for _ in some]
        assert all(map(Promise.wakes, some, waiters))
        assert not some[0].wakes(loop.create_future())
        waiters[1].cancel()
        other = threading.Thread(target=tell, args=([left, *some], range(6)))
        other.start()
        await asyncio.gather(*waiters[:1], *waiters[2:])
        other.join()
        return [each.result() for each in some]

    left = Promise[int]()
    assert asyncio.run(leaves(left))
    some = [Promise[int]() for _ in range(5)]
    some[3].add_done_callback(lambda each: heard.append(each.result()))
    assert asyncio.run(waits(some)) == [1, 2, 3, 4, 5]
    assert (left.result(), heard) == (0, [4])
    assert not asyncio.run(leaves(some[0]))
    with pytest.raises(InvalidStateError):
        tell(some[:1], [1])


def test_a_loop_is_told_of_its_own() -> None:
    """Beside promises, from any thread; what was given up, or is of a closed loop, stops nobody."""

    async def leaves() -> asyncio.Future[int]:
        return asyncio.get_running_loop().create_future()

    async def waits(left: asyncio.Future[int], own: int, others: int) -> None:
        loop = asyncio.get_running_loop()
        mine = [loop.create_future() for _ in range(own)]
        promises = [Promise[int]() for _ in range(others)]
        handed: list[Handed] = [left, *mine, *promises]
        mine[0].cancel()
        await asyncio.to_thread(tell, handed, range(len(handed)))
        assert await asyncio.gather(*mine[1:]) == [None] * (own - 1)
        assert [each.result(0) for each in promises] == [*range(own + 1, len(handed))]

    left = asyncio.run(leaves())
    asyncio.run(waits(left, 3, 0))
    asyncio.run(waits(left, 3, 2))
    assert not left.done()


def test_a_failure_reaches_all(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever waits on a loop or a thread; nobody complains of what nobody waited for."""
    error = ValueError("no")

    async def leaves() -> asyncio.Future[int]:
        return asyncio.get_running_loop().create_future()

    async def waits() -> None:
        loop, promise = asyncio.get_running_loop(), Promise[int]()
        waited, given_up, forgotten = (loop.create_future() for _ in range(3))
        given_up.cancel()
        await asyncio.to_thread(fail, [left, waited, given_up, promise, forgotten], error)
        with pytest.raises(ValueError, match="no"):
            await waited
        assert promise.exception(0) is error
        assert given_up.cancelled()

    left = asyncio.run(leaves())
    asyncio.run(waits())
    gc.collect()
    assert not caplog.records
