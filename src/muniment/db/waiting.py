"""Work that must be done at once: where it would have to ask the database, it stops instead.

One thread of a server carries every connection, so nothing on it may wait for a disk or a lock.
What is known already is worked out there at once; what is not is begun anew on a thread that may
wait. What is young enough, but should soon be read again, is read by a keeper meanwhile.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, ParamSpec, TypeVar

from muniment.core.errors import MunimentError

P = ParamSpec("P")
T = TypeVar("T")
_here: Final = threading.local()
_LET_BY_SECONDS: Final = 0.004  # about as long as a call takes


class MustWaitError(BaseException):
    """This cannot be done without waiting; nothing of it was done.

    It is no `Exception`, so that nobody takes it for something that went wrong.
    """


def at_once(do: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> T:
    """Do something that waits for nothing, or raise `MustWaitError`."""
    _here.at_once = True
    try:
        return do(*given, **named)
    finally:
        _here.at_once = False


def gently(do: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> T:
    """Do something that can be done once only, with what is young enough as long as there is any.

    A keeper reads that again meanwhile; what is too old is read here.
    """
    before = getattr(_here, "gently", False)
    _here.gently = True
    try:
        return do(*given, **named)
    finally:
        _here.gently = before


def require_may_wait() -> None:
    """Let only those go on who may wait; called before whatever takes its time."""
    if getattr(_here, "at_once", False):
        raise MustWaitError


def kept_fresh(what: Hashable, read: Callable[[], object]) -> bool:
    """Where nothing may wait, have something read again meanwhile, once; tell whether it will be.

    Who asks goes on with what they hold, so it must be young enough. Who may wait reads it anew.
    """
    if not (getattr(_here, "at_once", False) or getattr(_here, "gently", False)):
        return False
    _keepers[0].ask(what, read)
    return True


def wait_for_keeper() -> None:
    """Wait until nothing is being read any more."""
    _keepers[0].wait()


class _Keeper:
    """One thread that reads again what others go on with meanwhile.

    It begins when whoever asked has come to a wait, or it would compute beside them.
    """

    def __init__(self) -> None:
        self._asked = set[Hashable]()
        self._never = threading.Event()
        self._pool = ThreadPoolExecutor(1, "muniment-keeper")

    def ask(self, what: Hashable, read: Callable[[], object]) -> None:
        """Read something soon, unless it is about to be read."""
        if what not in self._asked:
            if not self._asked:
                self._pool.submit(self._never.wait, _LET_BY_SECONDS)
            self._asked.add(what)
            self._pool.submit(self._read, what, read)

    def wait(self) -> None:
        """Wait for all that was asked."""
        self._pool.submit(int).result()

    def _read(self, what: Hashable, read: Callable[[], object]) -> None:
        try:
            with suppress(MunimentError):  # whoever finds it too old is told
                read()
        finally:
            self._asked.discard(what)


_keepers: Final = [_Keeper()]


def _begin_anew() -> None:
    _keepers[0] = _Keeper()  # a forked process has none of its parent's threads


os.register_at_fork(after_in_child=_begin_anew)
