"""What a server asks of the machine under it: that many threads take memory from few places."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import Final

_ARENA_MAX: Final = -8  # M_ARENA_MAX of malloc.h
_ARENAS: Final = 2


def give_back() -> None:
    """Return to the system what the allocator keeps and nobody uses; it takes a millisecond or two.

    By itself the allocator returns only what lies at the end of its places, however much is free.
    """
    with suppress(AttributeError, OSError):  # other C libraries know nothing of it
        ctypes.CDLL(None).malloc_trim(0)


def prepare_machine() -> None:
    """Set what holds for the whole process; called before there are threads.

    GNU's allocator keeps memory apart for each of many threads, and what one gives back another
    does not get: ten megabytes of a worker.
    """
    with suppress(AttributeError, OSError):  # other C libraries know nothing of it
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)
