"""Ordinary words and numbers that are no names however they look to the tagger.

`the old town` is no place of that name, the number of a case is no postal code, the key of a ticket
(`OPS-112`) and a class of storage (`S3`) are no firms, and what opens a sentence is nobody.
"""

from __future__ import annotations

from typing import Final

from muniment.detect.rules.context import DOUBTFUL
from muniment.detect.rules.openings import OPENINGS

_GENERIC: Final = frozenset(
    (
        *("town", "city", "village", "street", "road", "avenue", "country", "region", "district"),
        *("area", "place", "branch", "suburb", "harbour", "harbor", "station", "square", "valley"),
        *("stadt", "dorf", "straße", "ville", "rue", "ciudad", "pueblo", "cidade", "vila", "rua"),
        *("città", "paese", "stad", "dorp", "straat"),
    )
)
_DESCRIBING: Final = frozenset(
    (
        *(
            "old",
            "new",
            "small",
            "little",
            "big",
            "large",
            "whole",
            "same",
            "next",
            "other",
            "home",
        ),
        *("nearby", "nearest", "main", "quiet", "busy", "local", "entire", "own", "each"),
        *("every", "any", "another", "inner", "git", "alte", "alten", "kleine", "kleinen", "große"),
        *("großen", "neue", "neuen", "vieille", "petite", "grande", "vieja", "pequeña", "velha"),
        *("pequena", "vecchia", "piccola", "oude", "grote"),
    )
)
_OF_LETTERS: Final = frozenset({"PERSON", "LOCATION", "NRP"})
_NAMED: Final = _OF_LETTERS | {"ORGANIZATION"}
_SURE: Final = 0.9
_LONGEST: Final = 24


def is_ordinary(text: str, kind: str, start: int, end: int, score: float) -> bool:
    """Tell whether this is an ordinary word or number, and no name."""
    value = text[start:end]
    if kind == "STREET_ADDRESS":
        return _is_another_number(text, value, start)
    first = value[0]
    if first.islower():
        return kind == "LOCATION" and _is_a_generic_place(value)
    if first.isdigit():
        return kind in _OF_LETTERS
    return (
        (text[end : end + 1] == "-" and value.isupper() and text[end + 1 : end + 2].isdigit())
        or (value[-1].isdigit() and value[1:].isdigit() and kind in _NAMED)
        or (score < _SURE and value in OPENINGS)
    )


def _is_another_number(text: str, value: str, start: int) -> bool:
    """Tell of an address whether it is the number of something else, or part of a command."""
    if value.isdigit():
        return text[start - 1 : start] == "=" or _word_before(text, start) in DOUBTFUL.whole
    return " -" in value


def _is_a_generic_place(value: str) -> bool:
    first, _, last = value.rpartition(" ")
    return last in _GENERIC and (not first or first in _DESCRIBING)


def _word_before(text: str, start: int) -> str:
    """Give the word right before a place, in small letters."""
    before = text[max(0, start - _LONGEST) : start]
    if not before.endswith((" ", "#")):
        return ""
    return before.rstrip(" #").rpartition(" ")[2].lower()
