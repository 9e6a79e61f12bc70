"""The parts of a text in which a number or a code can stand: around digits and pairs of capitals.

One code may be written in letters alone, and is known by the last of them. Prose has few of these.
A shape that needs one, and is no longer than REACH, matches nowhere else, so only these parts are
searched for it. They are put together as one text, parted by line ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from muniment.detect.rules.needs import LONG, RUN_CLASS

REACH: Final = 24
# The end of a code whose digits may all be written as letters, which has no other mark then.
LETTER_CODE: Final = r"[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2} ?[A-Z][0-9LMNP-V]{3}[A-Z]"
_MARK: Final = b"#"
_PAIR: Final = b"AA"
_SIGNS: Final = bytes(
    35 if 48 <= code <= 57 else 65 if 65 <= code <= 90 else 32 for code in range(256)
)
_LETTERS: Final = re.compile(
    rb"(?=([LMNP-V]{2}[ABCDEHLMPRST][LMNP-V]{2} ?[A-Z][LMNP-V]{3}[A-Z]))", re.IGNORECASE
)
# Where a long run begins: what is no letter of it, or the text's start, and twenty that are.
_RUN: Final = re.compile(rf"(?:^|[^{RUN_CLASS}])[{RUN_CLASS}]{{{LONG}}}".encode())
# Marks that are nearer to each other than this stand in one part.
_GAP: Final = 2 * REACH + 1


class Parts(NamedTuple):
    """Some parts of a text as one, where the next begins in it, and how far each was moved."""

    data: bytes
    ends: Sequence[int]
    moved: Sequence[int]


def parts(data: bytes, after: int) -> Parts | None:
    """Take the parts around digits and pairs of capitals; None if none is from a place on."""
    marks = lettered(data, marks_of(digits_of(data)))
    return parts_of(data, marks) if has_marks(marks, after) else None


def digits_of(data: bytes) -> bytes:
    """Give a mark for each digit, an A for each capital and a blank for each other byte."""
    return data.translate(_SIGNS)


def marks_of(digits: bytes) -> bytes:
    """Mark pairs of capitals as digits are."""
    return digits.replace(_PAIR, _MARK + _MARK)


def lettered(data: bytes, marks: bytes) -> bytes:
    """Mark codes of letters alone, too."""
    found = [match.span(1) for match in _LETTERS.finditer(data)]
    if not found:
        return marks
    told = bytearray(marks)
    for start, end in found:
        told[start:end] = _MARK * (end - start)
    return bytes(told)


def runs(data: bytes) -> list[int]:
    """Give where long runs begin: at the byte before each."""
    return [match.start() for match in _RUN.finditer(data)]


def has_marks(marks: bytes, after: int) -> bool:
    """Tell whether anything is marked from a place on."""
    return marks.find(_MARK, after) >= 0


def parts_of(data: bytes, marks: bytes) -> Parts:
    """Take the parts around what is marked, in order; the whole text if they are most of it."""
    find, find_last, room = marks.find, marks.rfind, len(data) // 2
    parts: list[bytes] = []
    ends: list[int] = []
    moved: list[int] = []
    length = 0
    at = find(_MARK)
    while at >= 0:
        last = at
        while (further := find_last(_MARK, last + 1, last + _GAP)) >= 0:
            last = further
        start, end = at - REACH if at > REACH else 0, last + 1 + REACH
        moved.append(start - length)
        parts.append(data[start:end])
        length += end - start + 1
        ends.append(length)
        if length > room:
            return Parts(data, [len(data) + 1], [0])
        at = find(_MARK, end)
    return Parts(b"\n".join(parts), ends, moved)
