"""A scanner is made ready beside the calls."""

from __future__ import annotations

from collections.abc import Callable

from muniment.gateway.warming import warm_beside


class Slow:
    """Something of three parts."""

    def __init__(self) -> None:
        self.parts = 0

    def warm(self, rest: Callable[[], object]) -> None:
        for _ in range(3):
            self.parts += 1
            rest()


def test_every_part_is_made_ready_in_a_thread_of_its_own() -> None:
    """Nobody waits for it, and in the end all of it is ready."""
    scanner = Slow()
    thread = warm_beside(scanner, after=0, rest=0)
    thread.join(20)
    assert (thread.daemon, thread.is_alive(), scanner.parts) == (True, False, 3)
