"""Makes a scanner ready for every shape while calls are served, a little at a time.

A shape that is seen before its turn is made ready then. So the first call waits for a few of them
and not for all, which takes longer than anything else at a start.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, Protocol

_AFTER_SECONDS: Final = 20.0
_REST_SECONDS: Final = 0.01


class Warmed(Protocol):
    """What can be made ready, part by part."""

    def warm(self, rest: Callable[[], object]) -> None:
        """Make everything ready; rest after each part."""
        ...


def warm_beside(
    scanner: Warmed, *, after: float = _AFTER_SECONDS, rest: float = _REST_SECONDS
) -> threading.Thread:
    """Begin to make a scanner ready, in a thread that ends with the process."""

    def go() -> None:
        pause = threading.Event()
        pause.wait(after)
        scanner.warm(lambda: pause.wait(rest))

    thread = threading.Thread(target=go, name="muniment-warm", daemon=True)
    thread.start()
    return thread
