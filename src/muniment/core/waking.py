"""Lets a thread that waits for one thing after the other go on soon after each has come.

Whoever computes may go on for some milliseconds before Linux gives the processor to a thread that
wakes, unless that one asks for shorter turns. It gets no more of the processor by it, and need not
wait behind those who have longer ones. Older systems, and others, do not know of this; then, and
where compiled code is missing, all is as it was.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Final

_TURN_NANOSECONDS: Final = 500_000  # longer than what is done between two waits


def _compiled() -> ModuleType | None:
    try:
        return import_module("muniment.core._waking")
    except ImportError:
        return None  # there was no C compiler when Muniment was installed


compiled: Final = _compiled()


def wake_soon() -> bool:
    """Ask it for this thread, and no thread that it begins; tell whether that is so now."""
    return compiled is not None and bool(compiled.turns_of(_TURN_NANOSECONDS))
