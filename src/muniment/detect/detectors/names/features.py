"""Turns words into numbers: their row in the word list, hashes of their parts, and what is known.

A word that the list does not know is told apart by its beginning, its end and its shape alone.
All of it is integer arithmetic, so every machine gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names.known import (
    ENDS,
    KNOWN,
    MULTIPLIERS,
    PART_BUCKETS,
    PARTS,
    UNKNOWN,
)
from muniment.detect.detectors.names.tokens import MARK_KINDS, MAX_LETTERS, SHAPES, Word

Ints = npt.NDArray[np.int32]

_MULTIPLIERS = np.array(MULTIPLIERS, dtype=np.uint64).reshape(2 * ENDS, PARTS)
_TEXT = f"U{2 * ENDS}"
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
    both = [f"{text[:ENDS]:\0<{ENDS}}{text[: -ENDS - 1 : -1]}" for text in small]
    letters = np.array(both, dtype=_TEXT).view(np.uint32).reshape(len(small), 2 * ENDS)
    mixed: npt.NDArray[np.uint64] = np.matmul(letters.astype(np.uint64), _MULTIPLIERS)
    mixed ^= mixed >> _HALF
    mixed *= _MIXER
    mixed >>= _TOP
    return mixed.astype(np.int32)


SHAPE_COUNT, MARK_COUNT, KNOWN_COUNT = len(SHAPES), MARK_KINDS, len(KNOWN)
