"""Joins words into names: the words of one name share the type that all of them favour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names.firms import widened
from muniment.detect.detectors.names.guards import may_stand, mended
from muniment.detect.detectors.names.labels import TYPES
from muniment.detect.detectors.names.tokens import shape_number
from muniment.detect.models import Family, Finding, Why

Scores = npt.NDArray[np.float32]

_LINE_END, _MARK = shape_number("line end"), shape_number("mark")
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
    """A word that seems to belong to a name: its place among the words, and its characters.

    It is sure where the name is likelier than none, and known where a list of names has it.
    """

    place: int
    start: int
    end: int
    shape: int
    sure: bool
    known: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a text that seem to belong to names, with the score of each label."""

    text: str
    pieces: list[Piece]
    scores: Scores


def joined(reading: Reading) -> list[Finding]:
    """Join the words into findings."""
    reading = _without_loners(reading)
    likely, best = _likely(reading.scores)
    text, pieces, found = reading.text, reading.pieces, []
    for first, last in _groups(reading, best):
        number, score = _kind(likely[first : last + 1])
        kind = TYPES[number]
        if score < THRESHOLDS[number]:
            continue
        start, end = _trimmed(text, pieces[first].start, pieces[last].end, kind)
        why = _WHY[min(last - first, len(_WHY) - 1)]
        each = Finding(kind, Family.NAMES, start, end, score, why, detector="names")
        known = any(piece.known for piece in pieces[first : last + 1])
        if may_stand(text, each, known=known, single=first == last):
            found.append(each)
    return widened(text, mended(text, found))


def _without_loners(reading: Reading) -> Reading:
    """Keep unsure words only where they touch a sure one of the same type."""
    pieces, text = reading.pieces, reading.text
    if all(piece.sure for piece in pieces):
        return reading
    types = (reading.scores[:, 1:].argmax(axis=1) // 2).tolist()
    keep = [piece.sure for piece in pieces]
    for step in (-1, 1):
        for number in range(len(pieces))[::-step]:
            other = number + step
            if keep[number] or not 0 <= other < len(pieces) or not keep[other]:
                continue
            first, last = sorted((pieces[number], pieces[other]))
            keep[number] = (
                last.place == first.place + 1
                and types[number] == types[other]
                and pieces[number].shape in _WRITTEN_BIG
                and _BETWEEN.fullmatch(text, first.end, last.start) is not None
            )
    chosen = [number for number, kept in enumerate(keep) if kept]
    return Reading(text, [pieces[number] for number in chosen], reading.scores[chosen])


def _likely(scores: Scores) -> tuple[list[list[float]], list[int]]:
    """Give for each word how likely each type is, and its best label that is a name."""
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    by_type = likely[:, 1::2] + likely[:, 2::2]
    return by_type.tolist(), (scores[:, 1:].argmax(axis=1) + 1).tolist()


def _groups(reading: Reading, best: list[int]) -> Iterator[tuple[int, int]]:
    """Give the first and last word of each run that makes one name."""
    pieces, text, first = reading.pieces, reading.text, -1
    for number, piece in enumerate(pieces):
        begins = best[number] % 2 == 1
        apart = (
            number == 0
            or piece.place != pieces[number - 1].place + 1
            or _LINE_END in {piece.shape, pieces[number - 1].shape}
            or not _APART.isdisjoint(text[pieces[number - 1].end : piece.start])
        )
        other = number > 0 and (best[number] - 1) // 2 != (best[number - 1] - 1) // 2
        if apart or begins or (other and "," in text[pieces[number - 1].end : piece.start]):
            if first >= 0:
                yield from _within(pieces, first, number - 1)
            first = number
    if first >= 0:
        yield from _within(pieces, first, len(pieces) - 1)


def _within(pieces: list[Piece], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Take marks and line ends off both sides."""
    outside = {_LINE_END, _MARK}
    while first <= last and pieces[first].shape in outside:
        first += 1
    while last >= first and pieces[last].shape in outside:
        last -= 1
    if first <= last:
        yield first, last


def _kind(likely: list[list[float]]) -> tuple[int, float]:
    """Give the type that the words favour together, and how sure that is."""
    sums = likely[0] if len(likely) == 1 else [sum(column) for column in zip(*likely, strict=True)]
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
