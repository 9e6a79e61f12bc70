"""Joins words into names: the words of one name share the type that all of them favour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import exp
from operator import add
from typing import NamedTuple

from muniment.detect.detectors.names.firms import widened
from muniment.detect.detectors.names.guards import Candidate, may_stand, mended
from muniment.detect.detectors.names.labels import TYPES
from muniment.detect.detectors.names.tokens import shape_number
from muniment.detect.models import Family, Finding, Why

_LINE_END, _MARK = shape_number("line end"), shape_number("mark")
_OUTSIDE = frozenset((_LINE_END, _MARK))
_SHORTENED = re.compile(
    r"(?:Inc|Ltd|Co|Corp|Bros|Jr|Sr|Ltda|Lda|St|Ave|Rd|Blvd|Str|str)\Z|(?:^|[.\s-])[A-Z]\Z"
)
THRESHOLDS = (0.4, 0.4, 0.4, 0.4, 0.4, 0.4)
"""The least sureness of a name, by the order of the types."""

_WHY = tuple(
    Why("names", steps=(f"{count} word{'s' if count > 1 else ''}",)) for count in range(1, 9)
)
_APART = frozenset("()[]{}<>|;:\t\u201c\u201d\u00ab\u00bb")
"""No name goes on across one of these."""

_BETWEEN = re.compile(r"[ '\u2019-]|\. ?|")
_WRITTEN_BIG = frozenset(
    shape_number(name)
    for name in ("capital", "capitals", "initial", "short capitals", "inner capital")
)


class Piece(NamedTuple):
    """A word that may belong to a name: its place among the words, and its characters.

    The best name leads "no name" by so much, and where that is more than nothing, it is sure. A
    list of names has it where it is known; it is short where it alone is hardly a name. There is a
    score for each label.
    """

    place: int
    start: int
    end: int
    shape: int
    lead: float
    known: bool
    short: bool
    scores: Sequence[float]


def joined(text: str, pieces: Sequence[Piece]) -> list[Finding]:
    """Join words, by their place, into findings."""
    if not pieces:
        return []
    if any(piece.lead <= 0 for piece in pieces):
        pieces = _without_loners(text, pieces)
    found: list[Finding] = []
    best = [_best(piece) for piece in pieces]
    for first, last in _groups(text, pieces, best):
        kind, score = _kind(pieces[first : last + 1])
        if score < THRESHOLDS[kind]:
            continue
        type_ = TYPES[kind]
        start, end = _trimmed(text, pieces[first].start, pieces[last].end, type_)
        known = any(piece.known for piece in pieces[first : last + 1])
        if may_stand(text, Candidate(type_, start, end, score, known, first == last)):
            why = _WHY[min(last - first, len(_WHY) - 1)]
            found.append(Finding(type_, Family.NAMES, start, end, score, why, detector="names"))
    return widened(text, mended(text, found)) if found else found


def _best(piece: Piece) -> int:
    """Give the label of a name that is likelier than all others."""
    names = piece.scores[1:]
    return names.index(max(names)) + 1


def _without_loners(text: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Choose sure words, and unsure ones only where they touch a sure one of the same type."""
    keep = [piece.lead > 0 for piece in pieces]
    for step in (-1, 1):
        for number in range(len(pieces))[::-step]:
            other = number + step
            if keep[number] or not 0 <= other < len(pieces) or not keep[other]:
                continue
            first, last = sorted((pieces[number], pieces[other]))
            keep[number] = (
                last.place == first.place + 1
                and (_best(first) - 1) // 2 == (_best(last) - 1) // 2
                and pieces[number].shape in _WRITTEN_BIG
                and _BETWEEN.fullmatch(text, first.end, last.start) is not None
            )
    return [piece for piece, kept in zip(pieces, keep, strict=True) if kept]


def _likely(scores: Sequence[float]) -> list[float]:
    """Give how likely each type is."""
    most = max(scores)
    likely = [exp(score - most) for score in scores]
    whole = sum(likely)
    return [each / whole for each in map(add, likely[1::2], likely[2::2])]


def _groups(text: str, pieces: Sequence[Piece], best: list[int]) -> list[tuple[int, int]]:
    """Give the first and last word of each run that makes one name."""
    starts = [
        number
        for number in range(len(pieces))
        if not number or best[number] % 2 or _is_apart(text, pieces, best, number)
    ]
    groups = []
    for first, behind in zip(starts, (*starts[1:], len(pieces)), strict=True):
        begin, last = first, behind - 1
        while begin <= last and pieces[begin].shape in _OUTSIDE:
            begin += 1
        while last >= begin and pieces[last].shape in _OUTSIDE:
            last -= 1
        if begin <= last:
            groups.append((begin, last))
    return groups


def _is_apart(text: str, pieces: Sequence[Piece], best: list[int], number: int) -> bool:
    """Tell whether a word cannot go on with the name that the word before it is of."""
    before, here = pieces[number - 1], pieces[number]
    if here.place != before.place + 1 or _LINE_END in {here.shape, before.shape}:
        return True
    between = text[before.end : here.start]
    if between in {" ", "-"}:
        return False
    other = (best[number] - 1) // 2 != (best[number - 1] - 1) // 2
    return not _APART.isdisjoint(between) or (other and "," in between)


def _kind(pieces: Sequence[Piece]) -> tuple[int, float]:
    """Give the type that the words favour together, and how sure that is."""
    likely = [_likely(piece.scores) for piece in pieces]
    sums = likely[0] if len(likely) == 1 else [sum(each) for each in zip(*likely, strict=True)]
    most = max(sums)
    return sums.index(most), round((most + sum(sums)) / (2 * len(likely)), 3)


def _trimmed(text: str, start: int, end: int, kind: str) -> tuple[int, int]:
    """Leave a possessive out, and take the dot of a shortened word in."""
    if (
        kind in {"PERSON", "ORGANIZATION"}
        and end - start > 3
        and text[end - 2 : end] in {"'s", "\u2019s"}
    ):
        end -= 2
    if text[end : end + 1] == "." and _SHORTENED.search(text[start:end]):
        end += 1
    return start, end
