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
from muniment.detect.rules.segments import MARGIN_CHARS, PHRASE_WORDS
from muniment.detect.rules.words import HINGES

_BACK_CHARS: Final = 240


def first_doubt(survey: Survey, left: int, since: int, size: int) -> int:
    """Say where the first doubt begins that a part from `left` on may touch behind `since`."""
    begun = _first(survey.begun, left, size)
    return min(begun, _first(survey.shapes, since, size), _first(survey.names, since, size))


def leap(text: str, at: int, doubt: int, hearing: Hearing) -> int:
    """Give the end of the last loud word whose island is over before a doubt; else the place.

    An island is over once enough quiet words follow, which stand so near that it is not cut.
    """
    begin = at
    if doubt - at > _BACK_CHARS:
        begin = max(at, text.find(" ", doubt - _BACK_CHARS, doubt))
    block = block_of(text[:doubt], begin, hearing, final=False)
    return max(at, _last_over(text, block, doubt))


def is_held(text: str, start: int, end: int) -> bool:
    """Tell whether a part may hold what looks like a mask, or where a private key begins."""
    return text.find("[", start, end) >= 0 or text.find("-----BEGIN", start, end) >= 0


def _last_over(text: str, block: Block, doubt: int) -> int:
    behind: list[int] = []  # the ends of quiet words behind a loud one, the last of them first
    for start, end, is_quiet in zip(
        reversed(block.starts), reversed(block.ends), reversed(block.quiet), strict=True
    ):
        if not is_quiet:
            if len(behind) >= PHRASE_WORDS and behind[-PHRASE_WORDS] - end < MARGIN_CHARS:
                return end
            behind.clear()
        elif end < doubt and text[start:end] not in HINGES:
            behind.append(end)
    return -1


def _first(doubts: Doubts, place: int, otherwise: int) -> int:
    number = bisect_left(doubts.ends, place)
    return doubts.starts[number] if number < len(doubts.ends) else otherwise
