"""What is remembered between scans: the words of chunks, and what the network makes of words.

Words repeat, so the costly part of the network is done once for each and kept. Memory is bounded:
when it is full, a scan begins a new one from the frequent words. A scan works on one memory from
start to end and memory only ever grows, so scans in many threads need no lock to read it.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names.artefact import Artefact
from muniment.detect.detectors.names.candidates import (
    WINDOW,
    addresses,
    is_given_name,
    is_listed,
    is_place,
    takes_address,
    weight,
)
from muniment.detect.detectors.names.features import KNOWN_COUNT, Features, features
from muniment.detect.detectors.names.firms import ends_firm
from muniment.detect.detectors.names.products import product
from muniment.detect.detectors.names.tokens import MAX_LETTERS, Word, words

MAX_CHUNKS = 1 << 15
MAX_WORDS = 1 << 14
MAX_CHARACTERS = 1 << 20
_A_FEW = 200
LIMIT = 3600
"""The largest share one word has in a hidden value, so that nine of them fit into 16 bits."""

ADDRESSES, TAKES_ADDRESS, PLACE, FORM, GIVEN = 1, 2, 4, 8, 16
"""What is certain of a word: it is a form of address, follows one, a place, of a firm, a name."""

_MOST = np.float32(2**24 // (127 * 33))
_BITS = np.arange(KNOWN_COUNT, dtype=np.int32)
PAD = Word(0, "", 0, 0, 0)
_Key = tuple[str, int, int]


class FullError(Exception):
    """The memory has no room for what is asked; a new one has."""


class Memory:
    """Numbers words, and keeps for each chunk the numbers of its words.

    `chunks` holds the numbers as bytes, so that those of a text need only be joined; `starts`
    where each word begins in its chunk, for the chunks where that is not simply the beginning.
    """

    def __init__(self, artefact: Artefact) -> None:
        self._rows = artefact.rows
        self._layer = FirstLayer(artefact)
        self._lock = threading.Lock()
        self._words: dict[_Key, int] = {}
        self._characters = 0
        self.chunks: dict[str, bytes] = {}
        self.starts: dict[str, tuple[int, ...]] = {}
        self.shares = np.zeros((MAX_WORDS * WINDOW, self._layer.hidden), np.int16)
        self.weight = np.zeros(MAX_WORDS, np.uint8)
        self.hints = np.zeros(MAX_WORDS, np.uint8)
        self.shape: list[int] = []
        self.length: list[int] = []
        self.known: list[bool] = []
        self._frequent: Sequence[str] = artefact.frequent
        self._number([PAD])

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
                numbers = [known[word[1:4]] for word in found]
                if len(found) != 1 or found[0].start:
                    self.starts[chunk] = tuple(word.start for word in found)
                self.chunks[chunk] = array("i", numbers).tobytes()

    def may_end_firm(self, numbers: npt.NDArray[np.int32]) -> bool:
        """Tell whether a word of a text may be the end of a legal form."""
        return bool((self.hints.take(numbers) & FORM).any())

    def _make_room(self, new: Sequence[str], count: int) -> None:
        self._characters += sum(map(len, new))
        full = len(self.chunks) + len(new) > MAX_CHUNKS or len(self._words) + count > MAX_WORDS
        if full or self._characters > MAX_CHARACTERS:
            raise FullError

    def _number(self, found: Sequence[Word]) -> None:
        new = {word[1:4]: word for word in found if word[1:4] not in self._words}
        if not new:
            return
        first, kept = len(self._words), list(new.values())
        rows = self._rows_of(kept)
        shares = self._layer.shares(features(kept, rows))
        self.shares[first * WINDOW : (first + len(kept)) * WINDOW] = shares
        self.weight[first : first + len(kept)] = [weight(word, rows) for word in kept]
        self.hints[first : first + len(kept)] = [_hints(word, rows) for word in kept]
        self.shape.extend(word.shape for word in kept)
        self.length.extend(len(word.text) for word in kept)
        self.known.extend(is_listed(word, rows) for word in kept)
        for number, key in enumerate(new, start=first):
            self._words[key] = number

    def _rows_of(self, kept: Sequence[Word]) -> dict[str, tuple[int, int]]:
        """Look each word up once: what is asked of it later is asked of these few."""
        small = {word.text.lower() for word in kept}
        small |= {word.text[:MAX_LETTERS].lower() for word in kept}
        found = ((each, self._rows.get(each)) for each in small)
        return {each: row for each, row in found if row is not None}


def _hints(word: Word, rows: Mapping[str, tuple[int, int]]) -> int:
    """Say what a list or a form of address tells of a word for certain."""
    return (
        ADDRESSES * addresses(word)
        | TAKES_ADDRESS * takes_address(word, rows)
        | PLACE * is_place(word, rows)
        | FORM * ends_firm(word)
        | GIVEN * is_given_name(word, rows)
    )


class FirstLayer:
    """The tables of the first layer. Sums are of whole numbers below 2**24, so they are exact."""

    def __init__(self, artefact: Artefact) -> None:
        tables = artefact.tables
        self._tables = {name: tables[name] for name in ("row", "parts")}
        self._small = {
            name: tables[name].astype(np.float32) for name in ("shape", "before", "after", "known")
        }
        self._first = tables["first"].astype(np.float32)
        self._scale = np.float32(tables["scale"][0])
        self.hidden = int(tables["second"].shape[0])

    def shares(self, found: Features) -> npt.NDArray[np.int16]:
        """Give each word's share in the hidden values, one row for each place in the window."""
        total = self._tables["parts"].take(found.parts, axis=0).sum(axis=1, dtype=np.float32)
        total += self._tables["row"].take(found.row, axis=0)
        for name in ("shape", "before", "after"):
            total += self._small[name].take(getattr(found, name), axis=0)
        bits = ((found.known[:, None] >> _BITS) & 1).astype(np.float32)
        total += product(bits, self._small["known"])
        np.maximum(total, -_MOST, out=total)
        np.minimum(total, _MOST, out=total)
        shares = product(total, self._first)
        shares *= self._scale
        np.rint(shares, out=shares)
        np.maximum(shares, -LIMIT, out=shares)
        np.minimum(shares, LIMIT, out=shares)
        whole = shares.astype(np.int16).reshape(len(total) * WINDOW, self.hidden)
        return np.asarray(whole, dtype=np.int16)
