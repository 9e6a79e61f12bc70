"""How far a match may go on from where its beginning was seen, told by the letters it may hold.

What is not understood may hold anything, so a doubt costs time and never a match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from muniment.detect.rules.needs import parsed

_CODES: Final = 128
_WIDE: Final = _CODES  # stands for every character beyond ASCII
_ALL: Final = frozenset(range(_CODES + 1))
_TAKES_NOTHING: Final = frozenset({"AT", "ASSERT", "ASSERT_NOT"})
_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_PLAIN: Final = frozenset({"LITERAL", "NOT_LITERAL", "IN", "ANY"})
_EDGES: Final = frozenset({"AT_BOUNDARY", "AT_NON_BOUNDARY"})
_OF_CATEGORY: Final = {
    "DIGIT": frozenset(code for code in range(_CODES) if chr(code).isdigit()),
    "WORD": frozenset(code for code in range(_CODES) if chr(code).isalnum() or code == ord("_")),
    "SPACE": frozenset(map(ord, " \t\n\r\f\v")),
}


@cache
def stretch(regexes: tuple[str, ...], most: int) -> re.Pattern[str]:
    """Give what holds every match of some regular expressions, up to so many characters of it."""
    letters = frozenset[int]().union(*(_facts(each)[0] for each in regexes))
    inside = "".join(re.escape(chr(code)) for code in sorted(letters - {_WIDE}))
    beyond = rf"{chr(_CODES)}-\U0010ffff" if _WIDE in letters else ""
    return re.compile(f"[{inside}{beyond}]{{0,{most}}}")


def hangs_on_itself(regex: str) -> bool:
    """Tell whether what matches in a part of a text also matches in the whole: no look-around."""
    return _facts(regex)[1]


@cache
def _facts(regex: str) -> tuple[frozenset[int], bool]:
    """Give the letters that a match may hold, and whether nothing around it matters."""
    read = parsed(regex)
    if read is None:
        return _ALL, False
    letters = _letters(read)
    both = {ord(chr(code).swapcase()) for code in letters if code < _CODES}
    return _one_of_all(letters | both), _looks_nowhere(read)


@cache
def _one_of_all(letters: frozenset[int]) -> frozenset[int]:
    """Give one and the same set to all who have the same letters; more than a thousand ask."""
    return letters


def _looks_nowhere(read: Iterable[Any]) -> bool:
    return all(_stands_alone(str(kind), value) for kind, value in read)


def _stands_alone(kind: str, value: Any) -> bool:  # noqa: ANN401  (the parser has no types)
    if kind == "AT":
        return str(value) in _EDGES
    parts = _inside(kind, value)
    return kind in _PLAIN if parts is None else all(map(_looks_nowhere, parts))


def _letters(read: Iterable[Any]) -> frozenset[int]:
    return frozenset[int]().union(*(_of_one(str(kind), value) for kind, value in read))


def _of_one(kind: str, value: Any) -> frozenset[int]:  # noqa: ANN401  (the parser has no types)
    if kind in _TAKES_NOTHING:
        return frozenset()
    if kind == "LITERAL":
        return frozenset({min(int(value), _WIDE)})
    if kind == "NOT_LITERAL":
        return _ALL - {int(value)}
    if kind == "IN":
        return _of_class(value)
    parts = _inside(kind, value)
    return _ALL if parts is None else frozenset[int]().union(*map(_letters, parts))


def _inside(kind: str, value: Any) -> Sequence[Any] | None:  # noqa: ANN401  (as above)
    """Give the expressions that one is made of; None for one that is not understood."""
    if kind == "BRANCH":
        return tuple(value[1])
    if kind == "SUBPATTERN":
        return (value[3],)
    return (value[2],) if kind in _REPEATS else None


def _of_class(members: Sequence[Any]) -> frozenset[int]:
    """Give the letters of a class; beyond ASCII a negated one holds all."""
    found: set[int] = set()
    negated = str(members[0][0]) == "NEGATE"
    for kind, value in members[negated:]:
        if str(kind) == "LITERAL":
            found.add(min(int(value), _WIDE))
        elif str(kind) == "RANGE":
            found.update(range(min(value[0], _WIDE), min(value[1], _WIDE) + 1))
        elif str(kind) == "CATEGORY":
            found |= _of_category(str(value).removeprefix("CATEGORY_"))
        else:
            return _ALL
    return (_ALL - found) | {_WIDE} if negated else frozenset(found)


def _of_category(name: str) -> frozenset[int]:
    if name.startswith("NOT_"):
        return _ALL - _OF_CATEGORY.get(name.removeprefix("NOT_"), frozenset())
    return _OF_CATEGORY.get(name, _ALL)
