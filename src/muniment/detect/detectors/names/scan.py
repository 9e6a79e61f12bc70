"""The names layer: people, organisations, places, addresses, titles and groups in a text."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names.artefact import PATH, Artefact, read
from muniment.detect.detectors.names.candidates import (
    ADDRESSES,
    COUNTS,
    FORM,
    GIVEN,
    LEFT,
    PLACE,
    RIGHT,
    TAKES_ADDRESS,
    WINDOW,
    Bytes,
    looked_at,
    quiet_words,
    to_look_at,
)
from muniment.detect.detectors.names.firms import by_form, with_firms
from muniment.detect.detectors.names.firms import places as places_of_firms
from muniment.detect.detectors.names.guards import goes_on_to
from muniment.detect.detectors.names.labels import NO_NAME, begin_of
from muniment.detect.detectors.names.memory import FullError, Memory
from muniment.detect.detectors.names.spans import Piece, Reading, joined
from muniment.detect.detectors.names.tokens import LINE_END, chunks, shape_number
from muniment.detect.models import Finding

_AT_ONCE = 1 << 20
_BLOCK = 200
"""So many places at once: what they need stays near, and no thread of OpenBLAS takes part."""

_NO_HIDDEN, _MAX_HIDDEN = np.int16(0), np.int16(2047)
_UNSURE = -2.0
"""A word whose best name is this far behind "no name" may still belong to a name beside it."""

_LEANING = np.float32(1.1)
"""How much "no name" must lead by: a name that is missed leaks, one too many only hides."""

_ADDRESSED, _IS_PLACE, _IS_GIVEN = np.float32(5.0), np.float32(2.0), np.float32(4.0)
"""By how much a name is likelier behind a form of address, and a place where a list has it."""

_PERSON, _LOCATION = begin_of("PERSON"), begin_of("LOCATION")
_CERTAIN = np.uint8(TAKES_ADDRESS | PLACE | GIVEN)
_NUMBER_BYTES = 4
_SMALLEST = 1 << 10
_LOOKS_BACK = 128
_LINE_SHAPE = shape_number("line end")
_BEFORE, _AFTER = bytes(LEFT * _NUMBER_BYTES), bytes(RIGHT * _NUMBER_BYTES)
_Read = tuple[list[str], Memory, list[bytes], npt.NDArray[np.int32], Bytes]
_OFFSETS = np.arange(WINDOW, dtype=np.int32)[:, None]
_NOTHING = WINDOW - 1
"""The share of no word at all in the last place of a window."""


class Names:
    """Finds names. It loads at the first scan; any number of threads may scan at once."""

    def __init__(self, path: Path = PATH) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._ready: _Ready | None = None
        self._memory: Memory | None = None
        self._quiet: frozenset[str] | None = None
        self._build = ""

    @property
    def build(self) -> str:
        """The version and digest of the artefact."""
        if not self._build:
            self._build = f"names-4+{self._loaded().artefact.digest[:16]}"
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
        read = self._read(text)
        firms = places_of_firms(text) if _may_end_firm(read) else []
        return [*firms, *self._doubtful(text, read)]

    def _doubtful(self, text: str, read: _Read) -> list[tuple[int, int]]:
        places, strong = to_look_at(read[4][LEFT:-RIGHT])
        if not len(places):
            return []
        plain = np.flatnonzero(strong.take(places) == 0)
        scores = self._loaded().scores(read, places, cut_off=places.take(plain))
        leads = np.maximum.reduce(scores[1:]) - scores[0]
        lead = leads[: len(places)]
        lead[plain] = np.maximum(lead[plain], leads[len(places) :])
        doubted = _doubted(places.tolist(), lead.tolist())
        if not doubted:
            return []
        return [(start, goes_on_to(text, end)) for start, end, _, _ in _places(read, doubted)]

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
        complete = len(word) - len(known[-1]) // _NUMBER_BYTES
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
        return _places(self._read(text), [first])[0][0]

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

    def _loaded(self) -> _Ready:
        ready = self._ready
        if ready is None:
            with self._lock:
                ready = self._ready
                if ready is None:
                    ready = self._ready = _Ready(read(self._path))
        return ready

    def _scan(self, text: str, after: int = 0) -> list[Finding]:
        """Scan a text: what the tagger finds, and firms that their legal form gives away."""
        read = self._read(text)
        found = self._tagged(text, read, after)
        return with_firms(found, by_form(text)) if _may_end_firm(read) else found

    def _tagged(self, text: str, read: _Read, after: int) -> list[Finding]:
        """Ask the tagger; where no word behind a place may be of a name, nothing is told."""
        places = to_look_at(read[4][LEFT:-RIGHT]).places
        first = _words_before(text, read[2], after) if after else 0
        if not len(places) or places[-1] < first:
            return []
        scores = self._loaded().scores(read, places)
        lead = np.maximum.reduce(scores[1:])
        lead -= scores[0]
        places_of, leads = places.tolist(), lead.tolist()
        named, last = _named(places_of, leads)
        if not named or last < first:
            return []
        chosen = [places_of[each] for each in named]
        pieces = [
            Piece(place, start, end, shape, leads[each] > 0, known)
            for each, place, (start, end, shape, known) in zip(
                named, chosen, _places(read, chosen), strict=True
            )
        ]
        return joined(Reading(text, pieces, scores.take(named, axis=1).T))

    def _read(self, text: str) -> _Read:
        """Cut a text, and give the number of each word and what is remembered of it."""
        cut = chunks(text)
        memory, known = self._known(cut)
        word = np.frombuffer(b"".join((_BEFORE, *known, _AFTER)), dtype=np.int32)
        return cut, memory, known, word, memory.reasons.take(word)

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


class _Ready:
    """An artefact with the tables of the second layer ready for use."""

    def __init__(self, artefact: Artefact) -> None:
        tables = artefact.tables
        self.artefact = artefact
        self._second = tables["second"].astype(np.float32).T.copy()
        self._second_bias = tables["second_bias"].astype(np.float32)[:, None]
        self._scale = np.float32(tables["scale"][1])
        self._second_bias[NO_NAME] -= np.rint(_LEANING / self._scale)

    def scores(
        self,
        read: _Read,
        places: npt.NDArray[np.intp],
        *,
        cut_off: npt.NDArray[np.intp] | None = None,
    ) -> npt.NDArray[np.float32]:
        """Give for each label its score at each place, then where the last word is missing.

        All values are whole and below 2**24, so the sums of floats are exact in any order.
        """
        _, memory, _, word, told = read
        index = _windows(word, places)
        if cut_off is not None:
            places = np.concatenate((places, cut_off))
            short = _windows(word, cut_off)
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


def _named(places: list[int], leads: list[float]) -> tuple[list[int], int]:
    """Give the words that may be of a name, by their order: runs of unsure ones need a sure one.

    Also give the place of the last unsure one.
    """
    kept: list[int] = []
    first, last, is_sure = 0, -2, False
    unsure = [number for number, lead in enumerate(leads) if lead > _UNSURE]
    for count, number in enumerate(unsure):
        if places[number] != last + 1:
            if is_sure:
                kept += unsure[first:count]
            first, is_sure = count, False
        last = places[number]
        is_sure = is_sure or leads[number] > 0
    if is_sure:
        kept += unsure[first:]
    return kept, last


def _doubted(places: list[int], leads: list[float]) -> list[int]:
    """Give the places of sure words, and of unsure ones that stand side by side."""
    unsure = {place: lead for place, lead in zip(places, leads, strict=True) if lead > _UNSURE}
    return [
        place
        for place, lead in unsure.items()
        if lead > 0 or place - 1 in unsure or place + 1 in unsure
    ]


def _windows(word: npt.NDArray[np.int32], places: npt.NDArray[np.intp]) -> npt.NDArray[np.int32]:
    """Give, for the words around each place, the rows of their shares."""
    index = word.take(places + _OFFSETS)
    index *= WINDOW
    index += _OFFSETS
    return index


def _words_before(text: str, known: list[bytes], end: int) -> int:
    """Count the words of the chunks that end before a place."""
    whole = text.count(" ", 0, end) + 2 * text.count("\n", 0, end)
    return sum(map(len, known[:whole])) // _NUMBER_BYTES


def _may_end_firm(read: _Read) -> bool:
    """Tell whether a word of a text may be the end of a legal form."""
    return bool((read[4] & FORM).any())


def _places(read: _Read, places: list[int]) -> list[tuple[int, int, int, bool]]:
    """Find where the words at some places begin and end, how they are written, and if listed."""
    cut, memory, known, word, _ = read
    counts = list(accumulate(map(len, known)))
    starts, told = memory.starts, memory.told
    found, at, upto = [], 0, 0
    for place in places:
        owner = bisect_right(counts, place * _NUMBER_BYTES)
        if owner > upto:
            passed = cut[upto:owner]
            at += sum(map(len, passed)) + owner - upto
            at -= 2 * passed.count(LINE_END)
            upto = owner
        chunk = cut[owner]
        inner = starts.get(chunk)
        start = at
        if inner is not None:
            start += inner[place - counts[owner] // _NUMBER_BYTES + len(inner)]
        elif chunk == LINE_END:
            start -= 1
        length, shape, listed = told[word[place + LEFT]]
        found.append((start, start + length, shape, listed))
    return found


def _cut(text: str, end: int, size: int) -> int:
    """Give the last line end before a place, else the last blank, else the place itself."""
    if end >= len(text):
        return len(text)
    for mark in ("\n", " "):
        at = text.rfind(mark, end - size // 2, end)
        if at > 0:
            return at + 1
    return end
