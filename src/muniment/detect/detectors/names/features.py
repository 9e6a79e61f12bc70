"""Turns words into numbers: their row in the word list, hashes of their parts, and what is known.

A word that the list does not know is told apart by its beginning, its end and its shape alone.
All of it is integer arithmetic, so every machine gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names.tokens import MARK_KINDS, MAX_LETTERS, SHAPES, Word

Ints = npt.NDArray[np.int32]

PART_BUCKETS = 1 << 14
PREFIXES = (1, 2, 3, 4, 5)
SUFFIXES = (2, 3, 4, 6)
PARTS = len(PREFIXES) + len(SUFFIXES)
UNKNOWN = 0
"""The row of every word that the list does not hold."""

KNOWN = (
    *("given", "family", "city", "region", "country", "organisation", "form", "job", "nrp"),
    *("street", "common", "honorific", "particle", "month", "trade", "tech"),
)
"""What the word list can say of a word; one bit each, in this order."""

_SIZE = max(*PREFIXES, *SUFFIXES)


def _multipliers() -> npt.NDArray[np.uint64]:
    """Give a column of odd numbers for each prefix and suffix, zero where they do not reach.

    The first rows are for the first letters of a word, the others for its last ones.
    """
    columns = []
    for salt, size in enumerate((*PREFIXES, *SUFFIXES), start=1):
        column = [(0x9E3779B97F4A7C15 * (salt * 31 + row * 7 + 1)) | 1 for row in range(size)]
        ahead = [number % 2**64 for number in column] + [0] * (_SIZE - size)
        rest = [0] * _SIZE
        columns.append([*ahead, *rest] if salt <= len(PREFIXES) else [*rest, *ahead])
    return np.array(columns, dtype=np.uint64).T.copy()


MULTIPLIERS = _multipliers()
_TEXT = f"U{2 * _SIZE}"
_HALF, _MIXER = np.uint64(29), np.uint64(0xBF58476D1CE4E5B9)
_TOP = np.uint64(64 - PART_BUCKETS.bit_length() + 1)


@dataclass(frozen=True, slots=True)
class Features:
    """The numbers of some words, one row each."""

    row: Ints
    parts: Ints
    shape: Ints
    before: Ints
    after: Ints
    known: Ints


def features(found: Sequence[Word], rows: Mapping[str, tuple[int, int]]) -> Features:
    """Number the words; `rows` gives each listed word, in small letters, its row and its bits."""
    small = [word.text[:MAX_LETTERS].lower() for word in found]
    listed = [rows.get(text, (UNKNOWN, 0)) for text in small]
    return Features(
        row=np.array([row for row, _ in listed], dtype=np.int32),
        parts=_parts(small),
        shape=np.array([word.shape for word in found], dtype=np.int32),
        before=np.array([word.before for word in found], dtype=np.int32),
        after=np.array([word.after for word in found], dtype=np.int32),
        known=np.array([bits for _, bits in listed], dtype=np.int32),
    )


def _parts(small: Sequence[str]) -> Ints:
    both = [f"{text[:_SIZE]:\0<{_SIZE}}{text[: -_SIZE - 1 : -1]}" for text in small]
    letters = np.array(both, dtype=_TEXT).view(np.uint32).reshape(len(small), 2 * _SIZE)
    mixed: npt.NDArray[np.uint64] = np.matmul(letters.astype(np.uint64), MULTIPLIERS)
    mixed ^= mixed >> _HALF
    mixed *= _MIXER
    mixed >>= _TOP
    return mixed.astype(np.int32)


SHAPE_COUNT, MARK_COUNT, KNOWN_COUNT = len(SHAPES), MARK_KINDS, len(KNOWN)
