"""Work that must be done at once: where it would have to ask the database, it stops instead.

One thread of a server carries every connection, so nothing on it may wait for a disk or a lock.
What is known already is worked out there at once; what is not is begun anew on a thread that may
wait.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_here: Final = threading.local()


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


def require_may_wait() -> None:
    """Let only those go on who may wait; called before whatever takes its time."""
    if getattr(_here, "at_once", False):
        raise MustWaitError
