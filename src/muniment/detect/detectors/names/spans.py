"""Joins words into names: the words of one name share the type that all of them favour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import NamedTuple

from muniment.detect.detectors.names.code_lines import is_of_code_line
from muniment.detect.detectors.names.code_terms import Candidate
from muniment.detect.detectors.names.firms import widened
from muniment.detect.detectors.names.guards import may_stand, mended
from muniment.detect.detectors.names.labels import TYPES
from muniment.detect.detectors.names.log_lines import is_of_log
from muniment.detect.detectors.names.tokens import shape_number
from muniment.detect.models import Family, Finding, Why

_LINE_END, _MARK = shape_number("line end"), shape_number("mark")
_OUTSIDE = frozenset((_LINE_END, _MARK))
_SHORTENED = re.compile(
    r"(?:Inc|Ltd|Co|Corp|Bros|Jr|Sr|Ltda|Lda|St|Ave|Rd|Blvd|Str|str)\Z|(?:^|[.\s-])[A-Z]\Z"
)
THRESHOLDS = (0.4, 0.4, 0.4, 0.4, 0.4, 0.4)
"""The least sureness of a name, by the order of the types."""

_FAMILY = Family.NAMES
_WHY = tuple(
    Why("names", steps=(f"{count} word{'s' if count > 1 else ''}",)) for count in range(1, 9)
)
APART = frozenset("()[]{}<>|;:\t\u201c\u201d\u00ab\u00bb")
"""No name goes on across one of these."""

JOINS = frozenset(" -")
"""One of these alone stands between two words of a name."""

TOUCHING = frozenset(("", " ", "'", "\u2019", "-", ".", ". "))
"""What may stand between a word that is unsure and the sure one that it is joined to."""

_POSSESSED, _APOSTROPHES = frozenset({"PERSON", "ORGANIZATION"}), frozenset("'\u2019")
JOINING = frozenset(
    shape_number(name)
    for name in ("capital", "capitals", "initial", "short capitals", "inner capital")
)
"""So an unsure word is written that may be joined to a sure one."""

Name = tuple[int, int, int, float, bool, int]
"""What may be a name: the number of its type, where it begins and ends, how sure it is, whether a
list has one of its words, and how many they are."""


class Piece(NamedTuple):
    """A word that may belong to a name: its place among the words, and its characters.

    The best name leads "no name" by so much, and where that is more than nothing, it is sure. A
    list of names has it where it is known; it is short where it alone is too short for what it may
    be. Its best label is that of a name, and each type is likely from 0 to 1.
    """

    place: int
    start: int
    end: int
    shape: int
    lead: float
    known: bool
    short: bool
    best: int
    likely: Sequence[float]


def joined(text: str, pieces: Sequence[Piece]) -> list[Finding]:
    """Join words, by their place, into findings."""
    return found_in(text, names_of(text, pieces))


def found_in(text: str, names: Sequence[Name]) -> list[Finding]:
    """Give what of some words is a name where it stands, with its ends mended."""
    found: list[Finding] = []
    for kind, start, last, score, known, count in names:
        if score < THRESHOLDS[kind]:
            continue
        type_, single = TYPES[kind], count == 1
        end = ends_of(text, start, last, type_)
        if may_stand(text, type_, start, end, score, known=known, single=single):
            each = Candidate(type_, start, end, known, single)
            if not (is_of_code_line(text, each) or is_of_log(text, each, score)):
                why = _WHY[min(count, len(_WHY)) - 1]
                found.append(Finding(type_, _FAMILY, start, end, score, why, detector="names"))
    return widened(text, mended(text, found)) if found else found


def names_of(text: str, pieces: Sequence[Piece]) -> list[Name]:
    """Join words, by their place, into what may be names."""
    if any(piece.lead <= 0 for piece in pieces):
        pieces = _without_loners(text, pieces)
    return [_name(group) for group in _groups(text, pieces)]


def _without_loners(text: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Choose sure words, and unsure ones only where they touch a sure one of the same type."""
    keep = [piece.lead > 0 for piece in pieces]
    for step in (-1, 1):
        for number in range(len(pieces))[::-step]:
            other = number + step
            if keep[number] or not 0 <= other < len(pieces) or not keep[other]:
                continue
            here, beside = pieces[number], pieces[other]
            keep[number] = (
                here.place + step == beside.place
                and here.shape in JOINING
                and _touch(text, *((beside, here) if step < 0 else (here, beside)))
                and (here.best - 1) // 2 == (beside.best - 1) // 2
            )
    return [piece for piece, kept in zip(pieces, keep, strict=True) if kept]


def _touch(text: str, first: Piece, last: Piece) -> bool:
    return text[first.end : last.start] in TOUCHING


def _name(group: Sequence[Piece]) -> Name:
    """Say of the words of one name which type they favour together, and how sure that is."""
    by_type = group[0].likely
    for piece in group[1:]:
        by_type = list(map(add, by_type, piece.likely))
    most = max(by_type)
    score = round((most + reduce(add, by_type, 0.0)) / (2 * len(group)), 3)
    known = any(piece.known for piece in group)
    return by_type.index(most), group[0].start, group[-1].end, score, known, len(group)


def _groups(text: str, pieces: Sequence[Piece]) -> list[Sequence[Piece]]:
    """Give the words of each run that makes one name."""
    groups: list[Sequence[Piece]] = []
    first, count = 0, len(pieces)
    for behind in range(1, count + 1):
        if behind < count:
            before, here = pieces[behind - 1], pieces[behind]
            if here.place == before.place + 1 and _goes_on(text, before, here):
                continue
        group = pieces[first:behind]
        if group[0].shape in _OUTSIDE or group[-1].shape in _OUTSIDE:
            group = _inner(group)
        if group:
            groups.append(group)
        first = behind
    return groups


def _inner(group: Sequence[Piece]) -> Sequence[Piece]:
    """Leave out what is no word before the first word and behind the last."""
    inside = [number for number, piece in enumerate(group) if piece.shape not in _OUTSIDE]
    return group[inside[0] : inside[-1] + 1] if inside else ()


def _goes_on(text: str, before: Piece, here: Piece) -> bool:
    """Tell whether a word goes on with the name that the word right before it is of."""
    if _LINE_END in {here.shape, before.shape}:
        return False
    if here.best % 2:
        return False
    between = text[before.end : here.start]
    if between in JOINS:
        return True
    if not APART.isdisjoint(between):
        return False
    return "," not in between or (here.best - 1) // 2 == (before.best - 1) // 2


def ends_of(text: str, start: int, end: int, kind: str) -> int:
    """Give where a name ends whose words end here."""
    is_mended = text[end - 1] == "s" or text[end : end + 1] == "."
    return _trimmed(text, start, end, kind) if is_mended else end


def _trimmed(text: str, start: int, end: int, kind: str) -> int:
    """Give where a name ends without a possessive, and with the dot of a shortened word."""
    if text[end - 1] == "s" and end - start > 3 and kind in _POSSESSED:
        end -= 2 * (text[end - 2] in _APOSTROPHES)
    if text[end : end + 1] == "." and _SHORTENED.search(text[start:end]) is not None:
        end += 1
    return end
