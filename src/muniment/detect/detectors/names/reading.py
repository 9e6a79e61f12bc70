"""A text as the tagger reads it: its chunks, the numbers of their words, what is known of these."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names.candidates import FORM, LEFT, RIGHT
from muniment.detect.detectors.names.looks import Bytes
from muniment.detect.detectors.names.memory import Memory
from muniment.detect.detectors.names.tokens import LINE_END

NUMBER_BYTES = 4
_BEFORE, _AFTER = bytes(LEFT * NUMBER_BYTES), bytes(RIGHT * NUMBER_BYTES)


class Read(NamedTuple):
    """The chunks of a text and the numbers of each one's words; then those of all, with padding."""

    cut: list[str]
    memory: Memory
    known: list[bytes]
    word: npt.NDArray[np.int32]
    told: Bytes

    @classmethod
    def of(cls, cut: list[str], memory: Memory, known: list[bytes]) -> Read:
        """Put the numbers of all words in a row, with what is remembered of each."""
        word = np.frombuffer(b"".join((_BEFORE, *known, _AFTER)), dtype=np.int32)
        return cls(cut, memory, known, word, memory.reasons.take(word))

    def may_end_firm(self) -> bool:
        """Tell whether a word of the text may be the end of a legal form."""
        return bool((self.told & FORM).any())


def words_before(text: str, known: list[bytes], end: int) -> int:
    """Count the words of the chunks that end before a place."""
    whole = text.count(" ", 0, end) + 2 * text.count("\n", 0, end)
    return sum(map(len, known[:whole])) // NUMBER_BYTES


def places_of(read: Read, places: list[int]) -> list[tuple[int, int, int, bool]]:
    """Find where the words at some places begin and end, how they are written, and if listed."""
    cut, memory, known, word, _ = read
    counts = list(accumulate(map(len, known)))
    starts, told = memory.starts, memory.told
    found, at, upto = [], 0, 0
    for place in places:
        owner = bisect_right(counts, place * NUMBER_BYTES)
        if owner > upto:
            passed = cut[upto:owner]
            at += sum(map(len, passed)) + owner - upto
            at -= 2 * passed.count(LINE_END)
            upto = owner
        chunk = cut[owner]
        inner = starts.get(chunk)
        start = at
        if inner is not None:
            start += inner[place - counts[owner] // NUMBER_BYTES + len(inner)]
        elif chunk == LINE_END:
            start -= 1
        length, shape, listed, _ = told[word[place + LEFT]]
        found.append((start, start + length, shape, listed))
    return found
