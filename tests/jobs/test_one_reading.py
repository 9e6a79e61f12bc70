"""Reading the log once for several followers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from muniment.jobs import OneReading


@dataclass(frozen=True)
class _Read:
    index: int
    kind: str = "test.done"
    body: Mapping[str, Any] = field(default_factory=dict)


def test_whole_batches_are_read_once_and_the_end_anew() -> None:
    """Who comes second is given what the first was given; where the log ends, it may have grown."""
    log = [_Read(index) for index in range(25)]
    asked: list[int] = []

    def read(first: int, limit: int) -> Sequence[_Read]:
        asked.append(first)
        return log[first : first + limit]

    once = OneReading(read)
    assert once(0, 10) == once(0, 10) == log[:10]
    assert asked == [0]
    assert once(20, 10) == log[20:]
    log.append(_Read(25))
    assert once(20, 10) == log[20:26]
    assert once(0, 5) == log[:5]


def test_it_does_not_keep_the_whole_log() -> None:
    """What was read long ago is read anew."""
    asked: list[int] = []

    def read(first: int, limit: int) -> Sequence[_Read]:
        asked.append(first)
        return [_Read(first + number) for number in range(limit)]

    once, few = OneReading(read), OneReading(read, 2)
    for first in (*range(100), 99, 0):
        once(first, 1)
    assert asked == [*range(100), 0]
    asked.clear()
    for first in (0, 1, 0, 2, 1, 0):
        few(first, 1)
    assert asked == [0, 1, 2, 0], "of two batches the older one goes"
