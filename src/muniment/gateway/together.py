"""Asks the database once for what many calls wait for: the first reads, the others go on with it.

After a quiet second nothing that is known is young enough. Calls that come together then would all
ask for the same on as many threads, and each would have to wait for all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from anyio import CapacityLimiter, to_thread

from muniment.db import MustWaitError, at_once

T = TypeVar("T")
_LONGEST_SECONDS: Final = 0.25
_TURNS: Final = 2


@dataclass(slots=True)
class Together:
    """Who of this process reads something on a thread just now, by what it is."""

    threads: CapacityLimiter
    _reading: dict[Hashable, asyncio.Future[None]] = field(default_factory=dict, repr=False)

    async def soon(self, what: Callable[[], Hashable], do: Callable[..., T], *given: Any) -> T:  # noqa: ANN401 whatever `do` takes
        """Do something here if it need not wait, perhaps once another has read the same.

        Else it is done anew, from its beginning, on a thread. What is done must change nothing
        before the last thing it may wait for. `what` is asked when it must wait, and gives `None`
        where nobody else reads the same.
        """
        try:
            return at_once(do, *given)
        except MustWaitError:
            return await self.later(what, do, *given)

    async def later(self, what: Callable[[], Hashable], do: Callable[..., T], *given: Any) -> T:  # noqa: ANN401 whatever `do` takes
        """Do something that must wait just now, perhaps here once another has read the same."""
        for turn in range(_TURNS):
            try:
                if turn:
                    return at_once(do, *given)
            except MustWaitError:
                pass
            named = what()
            before = self._reading.get(named) if named is not None else None
            if before is None or before.get_loop() is not asyncio.get_running_loop():
                break
            await asyncio.wait((before,), timeout=_LONGEST_SECONDS)
        if named is None:
            return await to_thread.run_sync(do, *given, limiter=self.threads)
        mine = self._reading[named] = asyncio.get_running_loop().create_future()
        try:
            return await to_thread.run_sync(do, *given, limiter=self.threads)
        finally:
            if self._reading.get(named) is mine:
                del self._reading[named]
            mine.set_result(None)
