"""Collects what an engine finds, by compiled code where there is some; both ways give the same.

An engine calls for each match, so what is called is what a text with many values pays for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Final, Protocol

from muniment.detect.rules import excerpts
from muniment.detect.rules.quick import compiled

Span = tuple[int, int, int]
Cut = Callable[[bytes, int], tuple[bytes, Sequence[int], Sequence[int]] | None]
Runs = Callable[[bytes], list[int]]
_SHAPE_BITS: Final = 20
_SHAPE: Final = (1 << _SHAPE_BITS) - 1


class Marks(Protocol):
    """What was found; of matches of one shape that begin together the longest counts."""

    def __call__(self, shape: int, start: int, end: int, flags: int, context: object, /) -> None:
        """Note a match."""
        ...

    def __len__(self) -> int:
        """Say how many there are; more than none, if there are any."""
        ...

    def outermost(self, ends: Sequence[int], moved: Sequence[int], /) -> list[Span]:
        """Give the spans that no other span of the same shape holds, in order of place.

        What was found in parts of a text is told by its place in the whole: each part has an end,
        and says how far it was moved. Afterwards nothing more is noted.
        """
        ...


class Noted:
    """The matches by their place and shape, in one number, with where they end."""

    def __init__(self) -> None:
        self._ends: dict[int, int] = {}

    def __call__(self, shape: int, start: int, end: int, _flags: int, _context: object, /) -> None:
        """Note a match; an engine tells longer ones later."""
        self._ends[start << _SHAPE_BITS | shape] = end

    def __len__(self) -> int:
        """Say how many there are."""
        return len(self._ends)

    def outermost(self, ends: Sequence[int], moved: Sequence[int], /) -> list[Span]:
        """Give the spans that no other span of the same shape holds, in order of place."""
        kept: list[Span] = []
        reach: dict[int, int] = {}
        part, by, until = (0, moved[0], ends[0]) if ends else (0, 0, sys.maxsize)
        for key in sorted(self._ends):
            shape, end = key & _SHAPE, self._ends[key]
            if end > reach.get(shape, -1):
                reach[shape] = end
                start = key >> _SHAPE_BITS
                while start >= until:
                    part += 1
                    by, until = moved[part], ends[part]
                kept.append((shape, start + by, end + by))
        return kept


@cache
def fastest() -> tuple[Callable[[], Marks], Cut, Runs]:
    """Give what collects matches, what cuts parts with numbers out, and what finds long runs.

    It is compiled, if there is a compiler.
    """
    if compiled is None:
        return Noted, excerpts.parts, excerpts.runs
    return compiled.Marks, partial(compiled.parts, excerpts.REACH), compiled.runs
