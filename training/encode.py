"""Turns labelled texts into the numbers that the network learns from, by the scanner's own code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names.candidates import LEFT, RIGHT, is_strong
from muniment.detect.detectors.names.labels import LABELS, begin_of, inside_of
from muniment.detect.detectors.names.looks import looked_at
from muniment.detect.detectors.names.tokens import Word, chunks, shape_number, words
from training.corpora import UNSURE, Labelled

ALL = (1 << LABELS) - 1
_LOWER, _SHORTEST = shape_number("lower"), 3
PAD = Word(0, "", 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Encoded:
    """Many texts in one row: each place's word number, and the answers that count as right."""

    vocabulary: list[Word]
    ids: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    places: npt.NDArray[np.int32]


def located(text: str) -> list[tuple[int, Word]]:
    """Cut a text into words, each with its place in the text."""
    at = 0
    found: list[tuple[int, Word]] = []
    for chunk in chunks(text):
        if chunk == "\n":
            found.extend((at - 1, word) for word in words(chunk))
            continue
        found.extend((at + word.start, word) for word in words(chunk))
        at += len(chunk) + 1
    return found


def answers(labelled: Labelled, found: list[tuple[int, Word]]) -> list[int]:
    """Give, for each word, the bits of the labels that count as right."""
    silent = 1
    for kind in labelled.silent:
        silent |= 1 << begin_of(kind) | 1 << inside_of(kind)
    result = [silent] * len(found)
    for start, end, kind in labelled.spans:
        first = True
        for number, (at, word) in enumerate(found):
            if at + len(word.text) <= start or at >= end or word.shape == 1:
                continue
            if kind == UNSURE:
                result[number] = ALL
                continue
            result[number] = 1 << (begin_of(kind) if first else inside_of(kind))
            first = False
    return result


def encode(texts: Iterable[Labelled], rows: Mapping[str, tuple[int, int]]) -> Encoded:
    """Number all words of all texts, and find the places that the scanner would look at."""
    numbers: dict[Word, int] = {PAD: 0}
    ids: list[int] = [0] * LEFT
    right: list[int] = [ALL] * LEFT
    for labelled in texts:
        found = located(labelled.text)
        for (_, word), answer in zip(found, answers(labelled, found), strict=True):
            key = word._replace(start=0)
            ids.append(numbers.setdefault(key, len(numbers)))
            right.append(answer)
        ids.extend([0] * LEFT)
        right.extend([ALL] * LEFT)
    ids.extend([0] * RIGHT)
    right.extend([ALL] * RIGHT)
    vocabulary = list(numbers)
    strong = np.array([_is_learned_at(word, rows) for word in vocabulary], dtype=bool)
    whole = np.array(ids, dtype=np.int32)
    places = np.flatnonzero(looked_at(strong[whole]) & (whole != 0)).astype(np.int32)
    return Encoded(vocabulary, whole, np.array(right, dtype=np.int32), places)


def _is_learned_at(word: Word, rows: Mapping[str, tuple[int, int]]) -> bool:
    """Tell whether to learn at a word: where the scanner looks, and at unknown small words."""
    small = word.shape == _LOWER and len(word.text) >= _SHORTEST and word.text not in rows
    return is_strong(word, rows) or (small and word.before == 0 and word.after in {0, 1, 4})
