"""A future of the writer, whose making and asking cost little where no thread waits for it.

The standard one makes a condition and a lock of its own for each; a gateway makes two futures for
every call and waits for them on its loop. This one makes an event only when a thread waits. It is
under way from the beginning and cannot be taken back; `concurrent.futures.wait` does not know it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from typing import Any, Final, TypeVar

T = TypeVar("T")
_LOCK: Final = threading.Lock()  # one for all: it is held for an assignment or two


class Promise(Future[T]):
    """What will be durable, or the error that kept it from that."""

    def __init__(self) -> None:
        self._is_done = False
        self._value: Any = None
        self._error: BaseException | None = None
        self._done_callbacks: list[Callable[[Future[T]], object]] = []
        self._event: threading.Event | None = None

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
        with _LOCK:
            if self._is_done:
                raise InvalidStateError(f"{self!r} was told its end already")
            self._value, self._error, self._is_done = value, error, True
            event = self._event
        if event is not None:
            event.set()
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
