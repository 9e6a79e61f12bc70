"""How long a call waits for the next part of an answer, for less than a context of asyncio costs.

As `asyncio.timeout` does, it cancels the task that waits when the time is over. What arrives in
time only notes when; the timer looks at that when it rings.
"""

from __future__ import annotations

import asyncio


class Patience:
    """The time that one task gives each part of what it waits for; stop it at the end."""

    __slots__ = ("_cancelling", "_loop", "_rang", "_seconds", "_since", "_task", "_timer")

    def __init__(self, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("only a task can be patient")
        self._task, self._cancelling, self._rang = task, task.cancelling(), False
        self._seconds, self._since = seconds, self._loop.time()
        self._timer = self._loop.call_later(seconds, self._ring)

    def begin_anew(self) -> None:
        """Give the next part its time."""
        self._since = self._loop.time()

    def has_ended(self) -> bool:
        """Tell, of a task that was cancelled, whether only the time was over; ask once."""
        return self._rang and self._task.uncancel() <= self._cancelling

    def stop(self) -> None:
        """Wait for nothing any more."""
        self._timer.cancel()

    def _ring(self) -> None:
        left = self._since + self._seconds - self._loop.time()
        if left > 0:
            self._timer = self._loop.call_later(left, self._ring)
            return
        self._rang = True
        self._task.cancel()
