"""Where in a text something might be found: everywhere else a part of it holds nothing.

A text that came at once is looked at once, before it is taken part by part. A part that no doubt
touches is not read again. The first look sees more than a part of the text does, and what it sees
holds for the part too as long as words and blanks are of usual length; where they are not, and
around it, there is doubt.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from msgspec import Struct

from muniment.detect.rules.hearing import SINGLE

Interval = tuple[int, int]
_BEFORE: Final = 100
_BEHIND: Final = 260
_LONG: Final = 64
# A name hangs on so many words before it, and a part is read from well before so long ones.
_WINDOW: Final = 5
_WORDY: Final = 24
_BESIDE: Final = 32
# A text in ASCII by its blanks: in these marks stands every place that is odd, and few others.
_LETTER, _SPACE, _LINE, _OTHER = b"a \nt"
_BY_BLANK: Final = bytes(
    _SPACE
    if letter == " "
    else _LINE
    if letter == "\n"
    else _OTHER
    if letter.isspace()
    else _LETTER
    for letter in map(chr, range(256))
)
_MARKS: Final = (b"  ", b"\n\n", b" \n", b"\n ", b"t", b"a" * _LONG)
_WORDY_RUN: Final = b"a" * _WORDY
_ODD: Final = rf"\S{{{_LONG},}}|[^\S \n]+|\s{{4,}}"
_PLAIN_ODD: Final = re.compile(_ODD)
_RUN: Final = re.compile(r"\S+")


@cache
def _odd() -> re.Pattern[str]:
    return re.compile(rf"{_ODD}|[{SINGLE}]+")


class Doubts(Struct, frozen=True, gc=False):
    """Places of a text, merged and in order."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, places: Iterable[Interval]) -> Doubts:
        """Merge places that touch."""
        starts: list[int] = []
        ends: list[int] = []
        for start, end in sorted(places):
            if ends and start <= ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                starts.append(start)
                ends.append(end)
        return cls(tuple(starts), tuple(ends))

    def moved(self, by: int) -> Doubts:
        """Give them for a text of which the one they are about is the rest from there on."""
        starts, ends = (tuple(each + by for each in edge) for edge in (self.starts, self.ends))
        return Doubts(starts, ends)

    def touch(self, start: int, end: int) -> bool:
        """Tell whether a part of a text holds a character of any of them, or borders on it."""
        number = bisect_right(self.starts, end) - 1
        return number >= 0 and self.ends[number] >= start


class Calm(NamedTuple):
    """In which respects a part of a text holds nothing."""

    shapes: bool
    names: bool


class Survey(Struct, frozen=True, gc=False):
    """What a first look at a text says of its parts, and the build that looked.

    What `begun` holds may go on behind where it ends; `shapes` and `names` end where they end.
    """

    begun: Doubts
    shapes: Doubts
    names: Doubts
    build: str

    def moved(self, by: int) -> Survey:
        """Give it for a text of which the one it is about is the rest from there on."""
        if not by:
            return self
        begun, shapes, names = (each.moved(by) for each in (self.begun, self.shapes, self.names))
        return Survey(begun, shapes, names, self.build)

    def calm(self, left: int, since: int, end: int) -> Calm:
        """Say in what a scan from `left` to `end` has nothing that ends behind `since`."""
        seen = self.shapes.touch(since, end) or self.begun.touch(left, end)
        return Calm(not seen, not self.names.touch(since, end))


def odd_places(text: str) -> list[Interval]:
    """Give the places, with what is around them, where a part may not be read as the whole is."""
    if text.isascii():
        by_blank = text.encode().translate(_BY_BLANK)
        if not any(mark in by_blank for mark in _MARKS):
            return []
        pattern = _PLAIN_ODD
    else:
        pattern = _odd()
    return [(found.start() - _BEFORE, found.end() + _BEHIND) for found in pattern.finditer(text)]


def far_apart(text: str) -> list[Interval]:
    """Give the words before which the few words that a name hangs on reach back too far."""
    if text.isascii():
        if _WORDY_RUN not in text.encode().translate(_BY_BLANK):
            return []
    elif max(map(len, text.split()), default=0) < _WORDY:
        return []
    runs = [found.span() for found in _RUN.finditer(text)]
    return [
        (word[0] - _BESIDE, word[1] + _BESIDE)
        for word, before in zip(runs[_WINDOW:], runs, strict=False)
        if word[0] - before[0] > _WINDOW * _WORDY
    ]
