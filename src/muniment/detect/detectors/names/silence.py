"""Tells whether words that might belong to a name are none, in whichever part of a text they are.

A stream reads a part: well from before a word, up to two words behind it or more. What the tagger
makes of a word hangs on the few words beside it, so it is asked with as few behind it as may be,
and with more. Whether a line is one of code is left out of account: a part of a line may be none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from muniment.detect.detectors.names.guards import may_stand
from muniment.detect.detectors.names.labels import TYPES
from muniment.detect.detectors.names.reader import Reader
from muniment.detect.detectors.names.spans import THRESHOLDS, Piece, ends_of

_MOST: Final = 8
_LOOKS_BACK: Final = 128
_WORDS: Final = re.compile(r"\s*\S+")
_FEWEST, _ALL = 2, 4  # words behind a word that are read with it: at least, and that matter


def are_none(reader: Reader, text: str, pieces: Sequence[Piece]) -> bool:
    """Tell of words whether no name is found in them, in any part of the text."""
    return len(pieces) <= _MOST and not any(_is_named(reader, text, each) for each in pieces)


def _is_named(reader: Reader, text: str, piece: Piece) -> bool:
    """Tell whether a word may be of a name, read with few words behind it or with more."""
    begin = text.rfind(" ", 0, max(0, piece.start - _LOOKS_BACK)) + 1
    start, end = piece.start - begin, piece.end - begin
    for upto in _ends(text, piece.end):
        part = text[begin:upto]
        names, ends_firm = reader.names(part, 0)
        if ends_firm:
            return True
        for kind, first, last, score, known, count in names:
            if first < end and last > start and score >= THRESHOLDS[kind]:
                type_ = TYPES[kind]
                till, single = ends_of(part, first, last, type_), count == 1
                facts = (part, type_, first, till, score)
                if may_stand(*facts, known=known, single=single, coded=False):
                    return True
    return False


def _ends(text: str, at: int) -> Iterator[int]:
    """Give where a part may end that holds a word: behind each of the words that follow it."""
    rest = _WORDS.match(text, at) if text[at : at + 1].strip() else None
    at = at if rest is None else rest.end()  # what the word is written together with
    for count in range(1, _ALL + 1):
        word = _WORDS.match(text, at)
        if word is None:
            yield len(text)
            return
        at = word.end()
        if count >= _FEWEST:
            yield at
