"""Reads texts with NumPy, and remembers words: what there is where nothing is compiled.

`compiled` does the same; whatever one of them gives, the other gives too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import exp
from operator import add
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names.artefact import Artefact
from muniment.detect.detectors.names.candidates import COUNTS, LEFT, RIGHT
from muniment.detect.detectors.names.choosing import SO_SHORT, TWICE, UNSURE, named, not_too_short
from muniment.detect.detectors.names.looks import Bytes, looked_at, to_look_at
from muniment.detect.detectors.names.memory import Memory
from muniment.detect.detectors.names.reader import FullError
from muniment.detect.detectors.names.reading import NUMBER_BYTES, Read, places_of, words_before
from muniment.detect.detectors.names.scores import Tagger
from muniment.detect.detectors.names.spans import Name, Piece, names_of
from muniment.detect.detectors.names.tokens import chunks, shape_number

_LATELY, _LATELY_CHARS = 8, 1 << 14
"""So many texts that were scanned just now are kept, if they are short: they may be protected."""
_NO_SCORES = np.zeros((1, 0), np.float32)
_LINE_SHAPE = shape_number("line end")


class _Scored(NamedTuple):
    """A text as the tagger read it: the places it was asked about, and what it said of each."""

    read: Read
    places: npt.NDArray[np.intp]
    strong: Bytes
    scores: npt.NDArray[np.float32]
    lead: npt.NDArray[np.float32]


class Arrays:
    """Reads texts by an artefact; any number of threads may read at once."""

    def __init__(self, artefact: Artefact) -> None:
        self._tagger = Tagger(artefact)
        self._memory: Memory | None = None
        self._lately: dict[str, _Scored] = {}

    def read(self, text: str, after: int = 0) -> tuple[list[Piece], bool]:
        """Give the words that may be of a name, and whether a word may end the name of a firm."""
        scored, first = self._scored(text, after)
        if not after and len(text) <= _LATELY_CHARS:
            if len(self._lately) >= _LATELY:
                self._lately.clear()
            self._lately[text] = scored
        leads = scored.lead.tolist()
        unsure = [number for number, lead in enumerate(leads) if lead > UNSURE]
        if not unsure or int(scored.places[unsure[-1]]) < first:
            return [], scored.read.may_end_firm()
        return _pieces(scored, unsure, leads), scored.read.may_end_firm()

    def names(self, text: str, after: int = 0) -> tuple[list[Name], bool]:
        """Give the words that are of names, joined into them, and whether one may end a firm's."""
        pieces, ends_firm = self.read(text, after)
        return names_of(text, not_too_short(named(pieces))), ends_firm

    def doubts(self, text: str) -> tuple[list[Piece], bool]:
        """Give them so as they may be read in any part of the text."""
        scored = self._lately.get(text) or self._scored(text, 0)[0]
        read, places, lead = scored.read, scored.places, scored.lead.copy()
        if not len(places):
            return [], read.may_end_firm()
        plain = np.flatnonzero(scored.strong.take(places) == 0)
        short = self._tagger.scores(read, places[:0], cut_off=places.take(plain))
        lead[plain] = np.maximum(lead[plain], np.maximum.reduce(short[1:]) - short[0])
        leads = lead.tolist()
        unsure = [number for number, each in enumerate(leads) if each > UNSURE]
        return _pieces(scored, unsure, leads), read.may_end_firm()

    def settled(self, text: str) -> int:
        """Give how many characters at the beginning keep their findings, whatever follows them."""
        cut = chunks(text)
        memory, known = self._known(cut)
        word = np.frombuffer(b"".join(known), dtype=np.int32)
        strong = (
            memory.reasons.take(word) & COUNTS
        ) != 0  # a weak word may still be joined by the next
        looked = looked_at(strong)
        complete = len(word) - len(known[-1]) // NUMBER_BYTES
        first = complete
        for place in range(max(0, complete - RIGHT), complete):
            if place == complete - 1 or looked[place] or strong[place + 1]:
                first = place
                break
        while 0 < first < len(word) and looked[first - 1]:
            first -= 1
            if memory.told[int(word[first])][1] == _LINE_SHAPE:
                first += 1
                break
        if first >= len(word):
            return len(text)
        return places_of(self._read(text), [first])[0][0]

    def _scored(self, text: str, after: int) -> tuple[_Scored, int]:
        """Read a text and ask the tagger, unless no word behind a place may be of a name."""
        read = self._read(text)
        places, strong = to_look_at(read.told[LEFT:-RIGHT])
        first = words_before(text, read.known, after) if after else 0
        if not len(places) or places[-1] < first:
            return _Scored(read, places[:0], strong, _NO_SCORES, _NO_SCORES[0]), first
        scores = self._tagger.scores(read, places)
        lead = np.maximum.reduce(scores[1:])
        lead -= scores[0]
        return _Scored(read, places, strong, scores, lead), first

    def _read(self, text: str) -> Read:
        """Cut a text, and give the number of each word and what is remembered of it."""
        cut = chunks(text)
        memory, known = self._known(cut)
        return Read.of(cut, memory, known)

    def _known(self, cut: list[str]) -> tuple[Memory, list[bytes]]:
        """Give for each chunk the numbers of its words, and the memory that they belong to."""
        memory = self._memory or self._fresh()
        numbers = list(map(memory.chunks.get, cut))
        if None in numbers:
            memory = self._learned(memory, cut)
            numbers = list(map(memory.chunks.get, cut))
        return memory, cast(list[bytes], numbers)

    def _learned(self, memory: Memory, cut: list[str]) -> Memory:
        try:
            memory.learn([chunk for chunk in cut if chunk not in memory.chunks])
        except FullError:
            memory = self._fresh()
            memory.learn(cut)
        return memory

    def _fresh(self) -> Memory:
        memory = Memory(self._tagger.artefact)
        self._memory = memory
        return memory


def _pieces(scored: _Scored, chosen: list[int], leads: list[float]) -> list[Piece]:
    """Give the chosen ones of the words that the tagger was asked about, with all it said."""
    read, places = scored.read, scored.places.take(chosen)
    rows = scored.scores.take(chosen, axis=1).T.tolist()
    told, word = read.memory.told, read.word.take(places + LEFT).tolist()
    at, pieces = places.tolist(), []
    where = zip(chosen, at, places_of(read, at), word, rows, strict=True)
    for number, place, (start, end, shape, known), each, scores in where:
        short = told[each][3] and not may_be_so_short(scores)
        best, types = scores.index(max(scores[1:]), 1), likely(scores)
        pieces.append(Piece(place, start, end, shape, leads[number], known, short, best, types))
    return pieces


def may_be_so_short(scores: Sequence[float]) -> bool:
    """Tell whether both labels of a firm or a place together may be likelier than another label."""
    best = max(scores[1:]) - TWICE
    return any(scores[label] >= best for label in SO_SHORT)


def likely(scores: Sequence[float]) -> tuple[float, ...]:
    """Give how likely each type is by the scores of the labels, of which "no name" is the first."""
    most = max(scores)
    each = map(exp, [score - most for score in scores])
    none = next(each)
    by_type = list(map(add, each, each))
    whole = reduce(add, by_type, none)
    return tuple([weight / whole for weight in by_type])
