"""The tagger's second half: a score for each label at each place that is looked at."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names.artefact import Artefact
from muniment.detect.detectors.names.candidates import (
    ADDRESSES,
    GIVEN,
    LEFT,
    PLACE,
    TAKES_ADDRESS,
    WINDOW,
)
from muniment.detect.detectors.names.grids import as_array
from muniment.detect.detectors.names.labels import begin_of
from muniment.detect.detectors.names.looks import Bytes
from muniment.detect.detectors.names.memory import Memory
from muniment.detect.detectors.names.reading import Read
from muniment.detect.detectors.names.weights import (
    IF_ADDRESSED,
    IF_GIVEN,
    IF_PLACE,
    MAX_HIDDEN,
    label_bias,
)

_BLOCK = 200
"""So many places at once: what they need stays near, and no thread of OpenBLAS takes part."""

_NO_HIDDEN, _MAX_HIDDEN = np.int16(0), np.int16(MAX_HIDDEN)
_ADDRESSED, _IS_PLACE, _IS_GIVEN = map(np.float32, (IF_ADDRESSED, IF_PLACE, IF_GIVEN))

_PERSON, _LOCATION = begin_of("PERSON"), begin_of("LOCATION")
_CERTAIN = np.uint8(TAKES_ADDRESS | PLACE | GIVEN)
_OFFSETS = np.arange(WINDOW, dtype=np.int32)[:, None]
_NOTHING = WINDOW - 1
"""The share of no word at all in the last place of a window."""


class Tagger:
    """An artefact with the tables of the second layer ready for use."""

    def __init__(self, artefact: Artefact) -> None:
        tables = artefact.tables
        self.artefact = artefact
        self._second = as_array(tables["second"]).astype(np.float32).T.copy()
        self._second_bias = np.array(label_bias(artefact), np.float32)[:, None]
        self._scale = np.float32(tables["scale"].numbers[1])

    def scores(
        self,
        read: Read,
        places: npt.NDArray[np.intp],
        *,
        cut_off: npt.NDArray[np.intp] | None = None,
    ) -> npt.NDArray[np.float32]:
        """Give for each label its score at each place, then where the last word is missing.

        All values are whole and below 2**24, so the sums of floats are exact in any order.
        """
        memory, word, told = read.memory, read.word, read.told
        index = _windows(memory, word, places)
        if cut_off is not None:
            places = np.concatenate((places, cut_off))
            short = _windows(memory, word, cut_off)
            short[-1] = _NOTHING
            index = np.concatenate((index, short), axis=1)
        result = np.empty((len(self._second), index.shape[1]), np.float32)
        for at in range(0, index.shape[1], _BLOCK):
            hidden = self._hidden(memory, index[:, at : at + _BLOCK])
            np.matmul(self._second, hidden.T, out=result[:, at : at + _BLOCK])
        result += self._second_bias
        result *= self._scale
        certain = told.take(places + LEFT)
        certain &= _CERTAIN
        marked = certain.nonzero()[0]
        if len(marked):
            _hinted(result, marked, certain.take(marked), told.take(places.take(marked) + LEFT - 1))
        return result

    def _hidden(self, memory: Memory, index: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
        shares = memory.shares.take(index, axis=0)
        hidden = np.add.reduce(shares, axis=0, dtype=np.int16)
        hidden.clip(_NO_HIDDEN, _MAX_HIDDEN, out=hidden)
        return np.asarray(hidden, dtype=np.float32)


def _hinted(
    scores: npt.NDArray[np.float32], marked: npt.NDArray[np.intp], here: Bytes, before: Bytes
) -> None:
    """Mind what is certain: who is addressed is a person, and a listed place is one."""
    for at, sign, ahead in zip(marked.tolist(), here.tolist(), before.tolist(), strict=True):
        if sign & TAKES_ADDRESS and ahead & ADDRESSES:
            scores[_PERSON, at] += _ADDRESSED
    listed = (here & (PLACE | GIVEN)).nonzero()[0]
    if not len(listed):
        return
    marked = marked.take(listed)
    chosen = scores.take(marked, axis=1)
    outside = np.maximum(np.maximum.reduce(chosen[1::2]), chosen[0])
    surest = outside >= np.maximum.reduce(chosen[2::2])
    place = (here.take(listed) & PLACE) != 0
    scores[np.where(place, _LOCATION, _PERSON), marked] += (
        np.where(place, _IS_PLACE, _IS_GIVEN) * surest
    )


def _windows(
    memory: Memory, word: npt.NDArray[np.int32], places: npt.NDArray[np.intp]
) -> npt.NDArray[np.int32]:
    """Give, for the words around each place, the rows of their shares, which are there then."""
    index = word.take(places + _OFFSETS)
    waits = memory.waits.take(index)
    if waits.any():
        memory.weigh(index[waits])
    index *= WINDOW
    index += _OFFSETS
    return index
