"""What is remembered between scans: the words of chunks, and what the network makes of words.

Words repeat, so the costly part of the network is done once for each and kept. Memory is bounded:
when it is full, a scan begins a new one from the frequent words. A scan works on one memory from
start to end and memory only ever grows, so scans in many threads need no lock to read it.
"""

from __future__ import annotations

import struct
import threading
from array import array
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names.artefact import Artefact
from muniment.detect.detectors.names.candidates import (
    LEFT,
    WINDOW,
    is_listed,
    reasons,
)
from muniment.detect.detectors.names.features import KNOWN_COUNT, Features, features
from muniment.detect.detectors.names.grids import as_array
from muniment.detect.detectors.names.listed import Listed
from muniment.detect.detectors.names.products import product
from muniment.detect.detectors.names.reader import FullError
from muniment.detect.detectors.names.tokens import MAX_LETTERS, Word, mark_kind, words
from muniment.detect.detectors.names.weights import LIMIT, MOST

MAX_CHUNKS = 1 << 15
MAX_WORDS = 1 << 14
MAX_CHARACTERS = 1 << 20
_A_FEW = 200
_MOST, _LIMIT = np.float32(MOST), np.float32(LIMIT)
_BITS = np.arange(KNOWN_COUNT, dtype=np.int32)
PAD = Word(0, "", 0, 0, 0)
_LEAST, _DOT = 3, mark_kind(".")
_PACKED = struct.Struct("i").pack
_Key = tuple[str, int, int]


class Memory:
    """Numbers words, and keeps for each chunk the numbers of its words.

    `chunks` holds the numbers as bytes, so that those of a text need only be joined; `starts`
    where each word begins in its chunk, for the chunks where that is not simply the beginning;
    `told` of each word its length, its shape, whether a list of names has it, and whether it is too
    short to be the name of anything but a firm or a place, where it stands alone; `waits` which
    words have no shares yet, because nobody asked for them.
    """

    def __init__(self, artefact: Artefact) -> None:
        self._rows = Listed(artefact)
        self._layer = FirstLayer(artefact)
        self._lock = threading.Lock()
        self._words: dict[_Key, int] = {}
        self._characters = 0
        self.chunks: dict[str, bytes] = {}
        self.starts: dict[str, tuple[int, ...]] = {}
        self.shares = np.zeros((MAX_WORDS * WINDOW, self._layer.hidden), np.int16)
        self.reasons = np.zeros(MAX_WORDS, np.uint8)
        self.told: list[tuple[int, int, bool, bool]] = []
        self.waits = np.zeros(MAX_WORDS, np.bool_)
        self._waiting: dict[int, tuple[Word, Mapping[str, tuple[int, int]]]] = {}
        self._frequent: Sequence[str] = artefact.frequent
        self._number([PAD])
        self.weigh(np.zeros(1, np.int32))  # nobody asks for it where no word is

    def learn(self, missing: Sequence[str]) -> None:
        """Number the words of chunks that are new.

        The frequent ones are taken along once there is much to read, and not for a single text.
        """
        with self._lock:
            if self._frequent and len(self.chunks) + len(missing) > _A_FEW:
                missing, self._frequent = [*self._frequent, *missing], ()
            new = [chunk for chunk in dict.fromkeys(missing) if chunk not in self.chunks]
            cut = [words(chunk) for chunk in new]
            self._make_room(new, sum(map(len, cut)))
            self._number([word for found in cut for word in found])
            known = self._words
            for chunk, found in zip(new, cut, strict=True):
                if len(found) == 1 and not found[0][0]:
                    self.chunks[chunk] = _PACKED(known[found[0][1:4]])
                    continue
                self.starts[chunk] = tuple(word.start for word in found)
                self.chunks[chunk] = array("i", [known[word[1:4]] for word in found]).tobytes()

    def _make_room(self, new: Sequence[str], count: int) -> None:
        self._characters += sum(map(len, new))
        full = len(self.chunks) + len(new) > MAX_CHUNKS or len(self._words) + count > MAX_WORDS
        if full or self._characters > MAX_CHARACTERS:
            raise FullError

    def _number(self, found: Sequence[Word]) -> None:
        words = self._words
        new = {key: word for word in found if (key := word[1:4]) not in words}
        if not new:
            return
        first, kept = len(words), list(new.values())
        last, rows = first + len(kept), self._rows_of(kept)
        if len(kept) > _A_FEW:
            self._layer.shares(features(kept, rows), self.shares[first * WINDOW : last * WINDOW])
        else:
            self._waiting.update((first + at, (word, rows)) for at, word in enumerate(kept))
            self.waits[first:last] = True
        self.reasons[first:last] = [reasons(word, rows) for word in kept]
        self.told.extend(_told(word, rows) for word in kept)
        words.update(zip(new, range(first, last), strict=True))

    def weigh(self, numbers: npt.NDArray[np.int32]) -> None:
        """Work out the shares of words that stand near a place that is looked at.

        Most new words are numbers and ids that stand near none, and are never asked about.
        """
        with self._lock:
            waiting = [each for each in np.unique(numbers).tolist() if each in self._waiting]
            if not waiting:
                return
            words = [self._waiting[each][0] for each in waiting]
            rows: dict[str, tuple[int, int]] = {}
            for each in waiting:
                rows |= self._waiting[each][1]
            out = np.empty((len(waiting) * WINDOW, self._layer.hidden), np.int16)
            self._layer.shares(features(words, rows), out)
            places = np.array(waiting)
            self.shares.reshape(MAX_WORDS, -1)[places] = out.reshape(len(waiting), -1)
            self.waits[places] = False
            for each in waiting:
                del self._waiting[each]

    def _rows_of(self, kept: Sequence[Word]) -> dict[str, tuple[int, int]]:
        """Look each word up once: what is asked of it later is asked of these few."""
        small = {word[1].lower() for word in kept}
        small |= {word[1][:MAX_LETTERS].lower() for word in kept if len(word[1]) > MAX_LETTERS}
        return self._rows.many(list(small))


def _told(word: Word, rows: Mapping[str, tuple[int, int]]) -> tuple[int, int, bool, bool]:
    size, listed = len(word.text), is_listed(word, rows)
    return size, word.shape, listed, size < _LEAST and not listed and word.after != _DOT


class FirstLayer:
    """The tables of the first layer. Sums are of whole numbers below 2**24, so they are exact."""

    def __init__(self, artefact: Artefact) -> None:
        tables = {name: as_array(table) for name, table in artefact.tables.items()}
        self._tables = {name: tables[name] for name in ("row", "parts")}
        self._small = {
            name: tables[name].astype(np.float32) for name in ("shape", "before", "after", "known")
        }
        self._first = tables["first"].astype(np.float32)
        self._bias = tables["first_bias"].astype(np.int16)
        self._scale = np.float32(tables["scale"][0])
        self.hidden = int(tables["second"].shape[0])

    def shares(self, found: Features, out: npt.NDArray[np.int16]) -> None:
        """Write each word's share in the hidden values, one row for each place in the window.

        The bias goes with the word that is asked about, which every window has in the same place.
        """
        total = self._tables["parts"].take(found.parts, axis=0).sum(axis=1, dtype=np.float32)
        total += self._tables["row"].take(found.row, axis=0)
        for name in ("shape", "before", "after"):
            total += self._small[name].take(getattr(found, name), axis=0)
        bits = ((found.known[:, None] >> _BITS) & 1).astype(np.float32)
        total += product(bits, self._small["known"])
        total.clip(-_MOST, _MOST, out=total)
        shares = product(total, self._first)
        shares *= self._scale
        np.rint(shares, out=shares)
        shares.clip(-_LIMIT, _LIMIT, out=shares)
        out[...] = shares.reshape(out.shape)
        out[LEFT::WINDOW] += self._bias
