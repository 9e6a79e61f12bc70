"""Chooses, for all words of a text at once, which of them are looked at."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]


class Looked(NamedTuple):
    """Which words are to be looked at, by their place, and which of these have reason themselves.

    The others are neighbours of such words, which may belong to the same name.
    """

    places: npt.NDArray[np.intp]
    strong: Bytes


def to_look_at(told: Bytes) -> Looked:
    """Choose the strong words, the weak ones beside one that counts, and the neighbours of these.

    A byte of a whole number is a word here, so one step is done for all words at once.
    """
    size = len(told)
    whole, ones = int.from_bytes(told.tobytes(), "little"), int.from_bytes(b"\1" * size, "little")
    counts = whole & ones
    if not counts:
        return _NOTHING_TO_LOOK_AT
    strong = (whole >> 1 | counts & (counts << 8 | counts >> 8)) & ones
    wide = (strong | strong << 8 | strong >> 8) & ones
    return Looked(_bytes(wide, size).nonzero()[0], _bytes(strong, size))


_NOTHING_TO_LOOK_AT = Looked(np.zeros(0, np.intp), np.zeros(0, np.uint8))


def _bytes(whole: int, size: int) -> Bytes:
    return np.frombuffer(whole.to_bytes(size, "little"), np.uint8)


def looked_at(strong: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Widen the strong words by their neighbours, which may belong to the same name."""
    wide = strong.copy()
    wide[1:] |= strong[:-1]
    wide[:-1] |= strong[1:]
    return wide
