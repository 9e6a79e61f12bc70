"""How far a text may be passed over before a place where something might be found.

Where nothing is, the islands of loud words hold nothing either; so all of them may be left out at
once, up to the last one that is surely over before the doubt. What is decided from there on is what
would be decided after all of them.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from muniment.detect.rules.doubts import Doubts, Survey
from muniment.detect.rules.hearing import Block, Hearing, block_of
from muniment.detect.rules.segments import MARGIN_CHARS, PHRASE_WORDS, Walk
from muniment.detect.rules.words import HINGES

_BACK_CHARS: Final = 240


def first_doubt(survey: Survey, left: int, since: int, size: int) -> int:
    """Say where the first doubt begins that a part from `left` on may touch behind `since`."""
    begun = _first(survey.begun, left, size)
    return min(begun, _first(survey.shapes, since, size), _first(survey.names, since, size))


def leap(text: str, at: int, doubt: int, hearing: Hearing) -> Walk:
    """Go to the end of the last loud word whose island is over before a doubt, if there is one.

    An island is over once enough quiet words follow, which stand so near that it is not cut.
    """
    begin = at
    if doubt - at > _BACK_CHARS:
        begin = max(at, text.find(" ", doubt - _BACK_CHARS, doubt))
    block = block_of(text[:doubt], begin, hearing, final=False)
    block.ended = False  # more of the text stands behind the doubt
    number = _last_over(text, block, doubt, hearing)
    if number < 0 or block.ends[number] <= at:
        return Walk.begin(at)
    at = block.ends[number]
    return Walk(at, at, -1, at, block=block, next=number + 1)


def is_held(text: str, start: int, end: int) -> bool:
    """Tell whether a part may hold what looks like a mask, or where a private key begins."""
    return text.find("[", start, end) >= 0 or text.find("-----BEGIN", start, end) >= 0


def _last_over(text: str, block: Block, doubt: int, hearing: Hearing) -> int:
    """Give the number of that word; less than nought if there is none."""
    starts, ends, quiet = block.starts, block.ends, block.quiet
    behind: list[int] = []  # the ends of quiet words behind a loud one, the last of them first
    for number in range(len(ends) - 1, -1, -1):
        end = ends[number]
        if not quiet[number]:
            if hearing.may_open(text[starts[number] : end]):
                behind.clear()  # it may be quiet, or of an island: nobody can tell from behind
                continue
            if len(behind) >= PHRASE_WORDS and behind[-PHRASE_WORDS] - end < MARGIN_CHARS:
                return number
            behind.clear()
        elif end < doubt and text[starts[number] : end] not in HINGES:
            behind.append(end)
    return -1


def _first(doubts: Doubts, place: int, otherwise: int) -> int:
    number = bisect_left(doubts.ends, place)
    return doubts.starts[number] if number < len(doubts.ends) else otherwise
