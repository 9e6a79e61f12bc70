"""What a text must hold before a shape can match it: digits, capitals, a long run of signs.

A pass that cannot find anything is not made. What is not understood needs nothing, so a doubt
costs time and never a match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final

LONG: Final = 20
# A long run of these is what keys are made of, also in base64.
RUN_CLASS: Final = r"A-Za-z0-9+/_\-"
_IN_RUNS: Final = frozenset(
    code for code in range(128) if chr(code).isalnum() or chr(code) in "+/_-"
)
_DIGITS: Final = frozenset(range(ord("0"), ord("9") + 1))
# A part of an expression: what it is, and what that holds; the parser has no types.
_Part = tuple[object, Any]
_MOST_BEGINNINGS: Final = 80
_IN_CODES: Final = _DIGITS | frozenset(range(ord("A"), ord("Z") + 1))


@dataclass(frozen=True, slots=True)
class Needs:
    """The least that a text must hold; `pair` are two capitals or digits, one next to the other.

    `letters` is the longest word, or part of one, that stands in every match letter by letter.
    """

    digits: int = 0
    long_run: bool = False
    pair: bool = False
    letters: int = 0


NOTHING: Final = Needs()


@cache
def needs_of(regex: str) -> Needs:
    """Say what every match of a regular expression holds."""
    read = parsed(regex)
    if read is None:
        return NOTHING
    return Needs(
        _digits(read),
        any(_is_long_run(*each) for each in read),
        _has_pair(read),
        _letters_in_a_row(read),
    )


def width_of(regex: str) -> int | None:
    """Say how many bytes a match has at most; None where that is not known."""
    read = parsed(regex)
    return None if read is None else int(read.getwidth()[1])


def parsed(regex: str) -> Any:  # noqa: ANN401  (the parser has no types)
    """Take a regular expression apart; None where that cannot be done."""
    try:
        return import_module("re._parser").parse(regex, re.ASCII)
    except (ImportError, AttributeError, re.error):
        return None  # another Python may read expressions elsewhere


def _digits(read: Iterable[Any]) -> int:
    return sum(_digits_of(str(kind), value) for kind, value in read)


def _digits_of(kind: str, value: Any) -> int:  # noqa: ANN401  (the parser has no types)
    if kind == "LITERAL":
        return int(value in _DIGITS)
    if kind == "IN":
        return int(_letters(value) <= _DIGITS)
    if kind == "SUBPATTERN":
        return _digits(value[3])
    if kind == "BRANCH":
        return min(_digits(each) for each in value[1])
    if kind in {"MAX_REPEAT", "MIN_REPEAT"}:
        return int(value[0]) * _digits(value[2])
    return 0


def _is_long_run(kind: object, value: Any) -> bool:  # noqa: ANN401  (the parser has no types)
    if str(kind) != "MAX_REPEAT" or value[0] < LONG or len(value[2]) != 1:
        return False
    inner, letters = value[2][0]
    return str(inner) == "IN" and _letters(letters) <= _IN_RUNS


def _has_pair(read: Iterable[Any]) -> bool:
    """Tell whether every match has two signs of codes, one next to the other."""
    last = False
    for name, value in read:
        if str(name) == "AT":
            continue
        if _is_pair((name, value)):
            return True
        alone = _is_of_codes((name, value))
        if alone and last:
            return True
        last = alone
    return False


def _is_pair(part: _Part) -> bool:
    kind, value = str(part[0]), part[1]
    if kind == "SUBPATTERN":
        return _has_pair(value[3])
    if kind == "BRANCH":
        return all(_has_pair(each) for each in value[1])
    if kind in {"MAX_REPEAT", "MIN_REPEAT"} and value[0]:
        inner = value[2]
        doubled = value[0] > 1 and len(inner) == 1 and _is_of_codes(inner[0])
        return doubled or _has_pair(inner)
    return False


def _is_of_codes(part: _Part) -> bool:
    kind, value = str(part[0]), part[1]
    if kind == "LITERAL":
        return value in _IN_CODES
    return kind == "IN" and _letters(value) <= _IN_CODES


def _letters_in_a_row(read: Iterable[Any]) -> int:
    """Count the longest row of letters that every match has in it as it stands."""
    most = row = 0
    for name, value in read:
        kind = str(name)
        row = row + 1 if kind == "LITERAL" else row if kind == "AT" else 0
        inner = 0
        if kind == "SUBPATTERN":
            inner = _letters_in_a_row(value[3])
        elif kind == "BRANCH":
            inner = min(_letters_in_a_row(each) for each in value[1])
        most = max(most, row, inner)
    return most


@cache
def beginnings_of(regex: str) -> frozenset[str] | None:
    """Say how any match begins, letter by letter; None where that cannot be told."""
    read = parsed(regex)
    found = None if read is None else _beginnings(list(read))
    return found if found and len(found) <= _MOST_BEGINNINGS else None


def _beginnings(read: list[_Part]) -> frozenset[str] | None:
    for place, (name, value) in enumerate(read):
        kind = str(name)
        if kind == "LITERAL":
            return frozenset([_literal(read[place:])])
        if kind != "AT":
            return _ways_of((name, value), read[place + 1 :])
    return None


def _ways_of(part: _Part, rest: list[_Part]) -> frozenset[str] | None:
    kind, value = str(part[0]), part[1]
    if kind == "IN":
        codes = _letters(value)
        return None if min(codes) < 0 else frozenset(map(chr, codes))
    if kind == "SUBPATTERN":
        return _beginnings([*value[3], *rest])
    if kind == "BRANCH":
        ways = [_beginnings([*way, *rest]) for way in value[1]]
    elif kind in {"MAX_REPEAT", "MIN_REPEAT"}:
        ways = [_beginnings([*value[2], *rest])] + ([] if value[0] else [_beginnings(rest)])
    else:
        return None
    return None if None in ways else frozenset[str]().union(*filter(None, ways))


def _literal(read: list[_Part]) -> str:
    """Give the letters that stand at the beginning as they are."""
    letters = []
    for name, value in read:
        if str(name) != "LITERAL":
            break
        letters.append(chr(value))
    return "".join(letters)


def _letters(members: Iterable[Any]) -> frozenset[int]:
    """Give the letters of a class; one that is not understood holds more than we ask for."""
    found: set[int] = set()
    for kind, value in members:
        if str(kind) == "LITERAL":
            found.add(int(value))
        elif str(kind) == "RANGE":
            found.update(range(value[0], value[1] + 1))
        elif str(kind) == "CATEGORY" and str(value) == "CATEGORY_DIGIT":
            found |= _DIGITS
        else:
            found.add(-1)
    return frozenset(found)
