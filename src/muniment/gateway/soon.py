"""Does what can be done at once where the connections are, and what must wait on a thread."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from anyio import CapacityLimiter, to_thread

from muniment.db import MustWaitError, at_once
from muniment.ledger import Promise

T = TypeVar("T")


async def soon(threads: CapacityLimiter, do: Callable[..., T], *given: Any) -> T:  # noqa: ANN401 whatever `do` takes
    """Do something here if it need not wait; else do it anew, from its beginning, on a thread.

    What is done must change nothing before the last thing it may wait for.
    """
    try:
        return at_once(do, *given)
    except MustWaitError:
        return await to_thread.run_sync(do, *given, limiter=threads)


async def durable(future: Future[T] | asyncio.Future[T]) -> T:
    """Wait for what another thread makes durable; many that are done together wake us once."""
    await waiter_of(future)
    return future.result()


def waiter_of(future: Future[Any] | asyncio.Future[Any]) -> asyncio.Future[Any]:
    """Give what is done on this loop soon after something is done on another thread."""
    if isinstance(future, asyncio.Future):
        return future
    loop = asyncio.get_running_loop()
    waiter = loop.create_future()
    if isinstance(future, Promise) and future.wakes(waiter):
        return waiter
    if future.done():
        waiter.set_result(None)
    else:
        _ring(loop, future, waiter)
    return waiter


def _ring(
    loop: asyncio.AbstractEventLoop, future: Future[Any], waiter: asyncio.Future[None]
) -> None:
    """Wait for a future of any sort."""
    bell = _BELLS.get(loop)
    if bell is None:
        bell = _BELLS[loop] = _Bell(loop)
    future.add_done_callback(partial(bell.ring, waiter))


@dataclass(slots=True, eq=False)
class _Bell:
    """Wakes those who wait on one loop, all that are ready at a time."""

    loop: asyncio.AbstractEventLoop
    _ready: deque[asyncio.Future[None]] = field(default_factory=deque)
    _rung: bool = False

    def ring(self, waiter: asyncio.Future[None], _future: Future[Any]) -> None:
        """Note on any thread that somebody's future is done."""
        self._ready.append(waiter)
        if not self._rung and not self.loop.is_closed():
            self._rung = True
            self.loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._rung = False  # first: who is ready from now on rings again
        while self._ready:
            waiter = self._ready.popleft()
            if not waiter.done():
                waiter.set_result(None)


_BELLS: Final = WeakKeyDictionary[asyncio.AbstractEventLoop, _Bell]()
