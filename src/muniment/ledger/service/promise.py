"""A future of the writer, whose making and asking cost little where no thread waits for it.

The standard one makes a condition and a lock of its own for each; a gateway makes two futures for
every call and waits for them on its loop. This one makes an event only when a thread waits. It is
under way from the beginning and cannot be taken back; `concurrent.futures.wait` does not know it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Any, Final, TypeVar

T = TypeVar("T")
_UNLESS_CLOSED: Final = suppress(RuntimeError)  # on a closed loop nobody waits any more
_LOCK: Final = threading.Lock()  # one for all: it is held for an assignment or two


class Promise(Future[T]):
    """What will be durable, or the error that kept it from that."""

    # Until something else is said of one; what is written here need not be for each.
    _is_done = False
    _value: Any = None
    _error: BaseException | None = None
    _event: threading.Event | None = None
    _waiter: asyncio.Future[None] | None = None

    def __init__(self) -> None:
        self._done_callbacks: list[Callable[[Future[T]], object]] = []

    def __repr__(self) -> str:
        return f"<Promise {'done' if self._is_done else 'under way'}>"

    def cancel(self) -> bool:
        """Do nothing: what was handed in cannot be taken back."""
        return False

    def cancelled(self) -> bool:
        """Say that it was not taken back."""
        return False

    def running(self) -> bool:
        """Tell whether it is under way still."""
        return not self._is_done

    def done(self) -> bool:
        """Tell whether it is durable, or failed."""
        return self._is_done

    def result(self, timeout: float | None = None) -> T:
        """Give the result, or raise the error; wait for it where it is not done."""
        if not self._is_done:
            self._wait(timeout)
        if self._error is None:
            value: T = self._value
            return value
        try:
            raise self._error
        finally:
            self = None  # type: ignore[assignment]  # noqa: PLW0642 the error holds this frame

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """Give the error, if there was one; wait where it is not done."""
        if not self._is_done:
            self._wait(timeout)
        return self._error

    def add_done_callback(self, fn: Callable[[Future[T]], object]) -> None:
        """Have something called when it is done; at once, if it is."""
        with _LOCK:
            if not self._is_done:
                self._done_callbacks.append(fn)
                return
        over: Future[None] = Future()  # the standard one calls it as it calls all
        over.set_result(None)
        over.add_done_callback(lambda _over: fn(self))

    def wakes(self, waiter: asyncio.Future[None]) -> bool:
        """Have a future of an event loop told when it is done; say no where one is told already."""
        with _LOCK:
            if self._is_done or self._waiter is not None:
                return False
            self._waiter = waiter
        return True

    def set_running_or_notify_cancel(self) -> bool:
        """Say that it goes on: it does from the beginning."""
        return True

    def set_result(self, result: T) -> None:
        """Say that it is durable, with this result."""
        self._end(result, None)

    def set_exception(self, exception: BaseException | None) -> None:
        """Say that it failed, with this error."""
        self._end(None, exception)

    def _end(self, value: T | None, error: BaseException | None) -> None:
        waiters: list[asyncio.Future[None]] = []
        with _LOCK:
            is_heard = self.ends(value, error, waiters)
        if is_heard:
            self.call()
        wake(waiters)

    def ends(
        self, value: T | None, error: BaseException | None, waiters: list[asyncio.Future[None]]
    ) -> bool:
        """Note the end, and who waits on an event loop; tell whether others must be called.

        Whoever calls it has the lock.
        """
        if self._is_done:
            raise InvalidStateError(f"{self!r} was told its end already")
        self._value, self._error, self._is_done = value, error, True
        if self._waiter is not None:
            waiters.append(self._waiter)
        return self._event is not None or bool(self._done_callbacks)

    def call(self) -> None:
        """Let threads go on that wait, and call what wants to be called."""
        if self._event is not None:
            self._event.set()
        # The standard one's, which logs what breaks in one; mypy is not told of it.
        self._invoke_callbacks()  # type: ignore[attr-defined]

    def _wait(self, timeout: float | None) -> None:
        with _LOCK:
            if self._is_done:
                return
            event = self._event
            if event is None:
                event = self._event = threading.Event()
        if not event.wait(timeout):
            raise TimeoutError


# What is done when it is durable: for any thread, or for the loop that handed it in.
Handed = Promise[Any] | asyncio.Future[Any]


def tell(handed: Sequence[Handed], results: Sequence[Any]) -> None:
    """Say of many that they are durable; each event loop is woken once, for all that wait on it.

    A loop's own future is told nothing else.
    """
    waiters = [each for each in handed if not isinstance(each, Promise)]
    heard: list[Promise[Any]] = []
    if len(waiters) < len(handed):
        with _LOCK:
            for each, result in zip(handed, results, strict=True):
                if isinstance(each, Promise) and each.ends(result, None, waiters):
                    heard.append(each)
    for one in heard:
        one.call()
    wake(waiters)


def fail(handed: Sequence[Handed], error: BaseException) -> None:
    """Say of many that they failed, with this error."""
    by_loop = dict[asyncio.AbstractEventLoop, list[asyncio.Future[Any]]]()
    for each in handed:
        if isinstance(each, Promise):
            each.set_exception(error)
        else:
            by_loop.setdefault(each.get_loop(), []).append(each)
    for loop, some in by_loop.items():
        with _UNLESS_CLOSED:
            loop.call_soon_threadsafe(_break, some, error)


def wake(waiters: Sequence[asyncio.Future[None]]) -> None:
    """Let go on who waits, from any thread; those on one loop are woken together."""
    loops = {waiter.get_loop() for waiter in waiters}
    for loop in loops:
        some = waiters if len(loops) == 1 else [one for one in waiters if one.get_loop() is loop]
        with _UNLESS_CLOSED:
            loop.call_soon_threadsafe(_let_go, some)


def _let_go(waiters: Sequence[asyncio.Future[None]]) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_result(None)


def _break(waiters: Sequence[asyncio.Future[Any]], error: BaseException) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_exception(error)
            waiter.exception()  # who waits is told; if nobody does, the loop need not complain
