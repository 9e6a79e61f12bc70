"""The names layer: people, organisations, places, addresses, titles and groups in a text."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names import artefact
from muniment.detect.detectors.names.artefact import PATH
from muniment.detect.detectors.names.candidates import (
    COUNTS,
    LEFT,
    RIGHT,
    Bytes,
    looked_at,
    quiet_words,
    to_look_at,
)
from muniment.detect.detectors.names.choosing import UNSURE, doubted, named, not_too_short
from muniment.detect.detectors.names.firms import by_form, with_firms
from muniment.detect.detectors.names.firms import places as places_of_firms
from muniment.detect.detectors.names.guards import goes_on_to
from muniment.detect.detectors.names.memory import FullError, Memory
from muniment.detect.detectors.names.reading import NUMBER_BYTES, Read, places_of, words_before
from muniment.detect.detectors.names.scores import Tagger
from muniment.detect.detectors.names.spans import Piece, joined
from muniment.detect.detectors.names.tokens import chunks, shape_number
from muniment.detect.models import Finding

_AT_ONCE = 1 << 20
_SMALLEST = 1 << 10
_LOOKS_BACK = 128
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
    first: int


class Names:
    """Finds names. It loads at the first scan; any number of threads may scan at once."""

    def __init__(self, path: Path = PATH) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._ready: Tagger | None = None
        self._memory: Memory | None = None
        self._quiet: frozenset[str] | None = None
        self._build = ""
        self._lately: dict[str, _Scored] = {}

    @property
    def build(self) -> str:
        """The version and digest of the artefact."""
        if not self._build:
            self._build = f"names-5+{self._loaded().artefact.digest[:16]}"
        return self._build

    def scan(self, text: str) -> Sequence[Finding]:
        """Find the names of a text; offsets are characters of it."""
        return self._in_parts(text, _AT_ONCE)

    def scan_behind(self, text: str, after: int) -> Sequence[Finding]:
        """Find the names that do not end at a place or before it, which were told already.

        What a name is depends on the few words before it, so no more than those are read again.
        """
        start = text.rfind(" ", 0, max(0, after - _LOOKS_BACK)) + 1
        part = text[start:]
        try:
            found = self._scan(part, after - start)
        except FullError:
            found = self._in_parts(part, max(_SMALLEST, len(part) // 2))
        return [each.moved(start) for each in found if each.end + start > after]

    def doubtful(self, text: str) -> list[tuple[int, int]]:
        """Give the places of words that might belong to a name, in a scan of any part of the text.

        A part begins well before the words it is asked about and ends behind three plain words. Of
        these the first may be read with only two words behind it, so it is read so here too.
        """
        scored = self._lately.get(text) or self._scored(text)
        read = scored.read
        firms = places_of_firms(text) if read.may_end_firm() else []
        return [*firms, *self._doubtful(text, scored)]

    def _doubtful(self, text: str, scored: _Scored) -> list[tuple[int, int]]:
        read, places, strong, lead = scored.read, scored.places, scored.strong, scored.lead.copy()
        if not len(places):
            return []
        plain = np.flatnonzero(strong.take(places) == 0)
        short = self._loaded().scores(read, places[:0], cut_off=places.take(plain))
        lead[plain] = np.maximum(lead[plain], np.maximum.reduce(short[1:]) - short[0])
        chosen = doubted(places.tolist(), lead.tolist())
        if not chosen:
            return []
        return [(start, goes_on_to(text, end)) for start, end, _, _ in places_of(read, chosen)]

    def quiet_words(self) -> frozenset[str]:
        """Give the plain words in small letters that alone are no reason to look."""
        if self._quiet is None:
            self._quiet = quiet_words(self._loaded().artefact.rows)
        return self._quiet

    def settled(self, text: str) -> int:
        """Give how many characters at the beginning keep their findings, whatever follows them.

        A stream may release so many. A word is settled when the words after it are there, or when
        neither it nor its neighbour could be part of a name; so plain text is held for two words.
        """
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

    def _in_parts(self, text: str, size: int) -> list[Finding]:
        """Scan at most so many characters at once; what is too varied even then, in halves."""
        found: list[Finding] = []
        start = 0
        while start < len(text):
            end = _cut(text, start + size, size)
            try:
                part = self._scan(text[start:end])
            except FullError:
                part = self._in_parts(text[start:end], max(_SMALLEST, (end - start) // 2))
            found.extend(part if start == 0 else [each.moved(start) for each in part])
            start = end
        return found

    def _loaded(self) -> Tagger:
        ready = self._ready
        if ready is None:
            with self._lock:
                ready = self._ready
                if ready is None:
                    ready = self._ready = Tagger(artefact.read(self._path))
        return ready

    def _scan(self, text: str, after: int = 0) -> list[Finding]:
        """Scan a text: what the tagger finds, and firms that their legal form gives away."""
        scored = self._scored(text, after)
        if not after and len(text) <= _LATELY_CHARS:
            if len(self._lately) >= _LATELY:
                self._lately.clear()
            self._lately[text] = scored
        found = self._tagged(text, scored)
        return with_firms(found, by_form(text)) if scored.read.may_end_firm() else found

    def _scored(self, text: str, after: int = 0) -> _Scored:
        """Read a text and ask the tagger, unless no word behind a place may be of a name."""
        read = self._read(text)
        places, strong = to_look_at(read.told[LEFT:-RIGHT])
        first = words_before(text, read.known, after) if after else 0
        if not len(places) or places[-1] < first:
            return _Scored(read, places[:0], strong, _NO_SCORES, _NO_SCORES[0], first)
        scores = self._loaded().scores(read, places)
        lead = np.maximum.reduce(scores[1:])
        lead -= scores[0]
        return _Scored(read, places, strong, scores, lead, first)

    def _tagged(self, text: str, scored: _Scored) -> list[Finding]:
        """Tell what the tagger finds."""
        first = scored.first
        if not len(scored.places):
            return []
        leads = scored.lead.tolist()
        unsure = [number for number, lead in enumerate(leads) if lead > UNSURE]
        if not unsure or int(scored.places[unsure[-1]]) < first:
            return []
        return joined(text, not_too_short(named(_pieces(scored, unsure, leads))))

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
        memory = Memory(self._loaded().artefact)
        self._memory = memory
        return memory


def _pieces(scored: _Scored, chosen: list[int], leads: list[float]) -> list[Piece]:
    """Give the chosen ones of the words that the tagger was asked about, with all it said."""
    read, places = scored.read, scored.places.take(chosen)
    rows = scored.scores.take(chosen, axis=1).T.tolist()
    told, word = read.memory.told, read.word.take(places + LEFT).tolist()
    at = places.tolist()
    where = zip(chosen, at, places_of(read, at), word, rows, strict=True)
    return [
        Piece(place, start, end, shape, leads[number], known, told[each][3], scores)
        for number, place, (start, end, shape, known), each, scores in where
    ]


def _cut(text: str, end: int, size: int) -> int:
    """Give the last line end before a place, else the last blank, else the place itself."""
    if end >= len(text):
        return len(text)
    for mark in ("\n", " "):
        at = text.rfind(mark, end - size // 2, end)
        if at > 0:
            return at + 1
    return end
