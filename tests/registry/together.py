"""Lets several things happen at the same moment, each in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from muniment.core.errors import MunimentError


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Begin all at once; give what came of each, or its error."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait(10)
        try:
            return act()
        except MunimentError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result(60) for each in [pool.submit(run, act) for act in acts]]
