"""The words of an artefact with their rows and bits, to be looked up from Python."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import numpy as np

from muniment.detect.detectors.names.artefact import Artefact

_A_FEW = 1024
_TOGETHER = 4096
_HALF = 1 << 16
_SHIFT = 64 - _HALF.bit_length()


class Listed(Mapping[str, tuple[int, int]]):
    """The words of an artefact with their rows and bits, in order, and a word is found by halves.

    A short text asks for a few words only. Who asks for many gets an index of them by their hashes:
    it is quicker from then on, takes a tenth of what a table of them would, and making it would be
    a good part of a start.
    """

    def __init__(self, artefact: Artefact) -> None:
        self._words = artefact.words
        self._row, self._known = (
            artefact.tables[name].numbers for name in ("word_row", "word_known")
        )
        sizes = map(len, self._words.split(b" "))
        self._ends = array("q", (end + at for at, end in enumerate(accumulate(sizes))))
        self._asked = 0
        self._index: tuple[array[int], array[int]] | None = None

    def __getitem__(self, word: str) -> tuple[int, int]:
        sought = word.encode("utf-8", "surrogatepass")
        self._asked += 1
        if self._index is None and self._asked <= _A_FEW:
            place = self._by_halves(sought)
        else:
            place = self._by_hash(word, sought)
        if place < 0:
            raise KeyError(word)
        return self._row[place], self._known[place]

    def many(self, words: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Give the rows and bits of those of some words that are listed."""
        if self._index is None and self._asked + len(words) <= _A_FEW:
            asked = ((word, self.get(word)) for word in words)
            return {word: row for word, row in asked if row is not None}
        row, known, found = self._row, self._known, {}
        for word in words:
            place = self._by_hash(word, word.encode("utf-8", "surrogatepass"))
            if place >= 0:
                found[word] = row[place], known[place]
        return found

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self._ends), _TOGETHER):
            yield from self._some(first)

    def __len__(self) -> int:
        return len(self._ends)

    def _by_halves(self, sought: bytes) -> int:
        low, high = 0, len(self._ends)
        while low < high:
            middle = (low + high) // 2
            if self._word(middle) < sought:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self._ends) and self._word(low) == sought else -1

    def _by_hash(self, word: str, sought: bytes) -> int:
        starts, places = self._index or self._indexed()
        bucket = (hash(word) >> _SHIFT) + _HALF
        for place in places[starts[bucket] : starts[bucket + 1]]:
            if self._word(place) == sought:
                return place
        return -1

    def _word(self, place: int) -> bytes:
        start = self._ends[place - 1] + 1 if place else 0
        return self._words[start : self._ends[place]]

    def _some(self, first: int) -> list[str]:
        last = min(first + _TOGETHER, len(self._ends)) - 1
        start = self._ends[first - 1] + 1 if first else 0
        return self._words[start : self._ends[last]].decode().split(" ")

    def _indexed(self) -> tuple[array[int], array[int]]:
        """Put the words into buckets by their hashes, of which each has one or two words."""
        found = np.fromiter(map(hash, self), dtype=np.int64, count=len(self._ends))
        found >>= _SHIFT
        found += _HALF
        counts = np.bincount(found, minlength=2 * _HALF)
        starts = np.append(0, np.cumsum(counts)).astype(np.int32)
        made = (
            array("i", starts.tobytes()),
            array("i", np.argsort(found, kind="stable").astype(np.int32).tobytes()),
        )
        self._index = made
        return made
