"""Invents names that sound like those of a list, so that what is learned is the sound."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

_START, _END = "^", "$"


class Inventor:
    """Remembers which letter follows which two, and walks along."""

    def __init__(self, names: Iterable[str]) -> None:
        self._after: dict[str, list[str]] = defaultdict(list)
        self._whole = [name for name in names if name]
        for name in self._whole:
            padded = _START * 2 + name + _END
            for at in range(len(padded) - 2):
                self._after[padded[at : at + 2]].append(padded[at + 2])

    def word(self, chance: random.Random) -> str:
        """Give a new name of three to eleven letters, or a listed one where none comes out."""
        for _ in range(20):
            word = self._walk(chance)
            if 3 <= len(word) <= 11 and word[0].isupper() and word[-1].isalpha():
                return word
        return chance.choice(self._whole)

    def _walk(self, chance: random.Random) -> str:
        word = _START * 2
        while len(word) < 14:
            following = self._after[word[-2:]]
            letter = following[int(chance.random() * len(following))]
            if letter == _END:
                break
            word += letter
        return word[2:]
