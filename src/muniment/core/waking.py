"""Lets a thread that waits for one thing after the other go on soon after each has come.

Whoever computes may go on for some milliseconds before Linux gives the processor to a thread that
wakes, unless that one asks for shorter turns. It gets no more of the processor by it, and need not
wait behind those who have longer ones. Older systems, and others, do not know of this; then, and
where compiled code is missing, all is as it was.
"""

from __future__ import annotations

from typing import Final

from muniment.core.compiled import compiled_part

_TURN_NANOSECONDS: Final = 500_000  # longer than what is done between two waits


compiled: Final = compiled_part("muniment.core._waking")


def wake_soon() -> bool:
    """Ask it for this thread, and no thread that it begins; tell whether that is so now."""
    return compiled is not None and bool(compiled.turns_of(_TURN_NANOSECONDS))
