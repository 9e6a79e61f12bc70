"""What a server asks of the machine under it: memory from few places, short turns of threads."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from typing import Final

_ARENA_MAX: Final = -8  # M_ARENA_MAX of malloc.h
_ARENAS: Final = 2
_TURN_SECONDS: Final = 0.001


def prepare_machine() -> None:
    """Set what holds for the whole process; called before there are threads.

    GNU's allocator keeps memory apart for each of many threads, and what one gives back another
    does not get: ten megabytes of a worker. And while a thread in the background computes, a call
    that arrives waits for the interpreter until its turn is over: a fifth as long as it was.
    """
    sys.setswitchinterval(_TURN_SECONDS)
    with suppress(AttributeError, OSError):  # other C libraries know nothing of it
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)
