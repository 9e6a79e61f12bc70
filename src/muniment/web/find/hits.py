"""What can be found, and in which order it is shown: what is named so first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_WORD: Final = re.compile(r"\w+")
# Of what fits equally well: what was named by its id, then where one can go, then what there is.
SORTS: Final = (
    *("id", "page", "act", "system", "person", "approval", "model", "part", "policy", "rule"),
    *("detector", "setting", "word"),
)
_IS, _BEGINS, _WORD_BEGINS, _HOLDS, _BESIDE = range(5)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: what it is called, of which sort, and where it is.

    `also` are words by which it is found besides, and `found` that the room itself matched it.
    """

    label: str
    href: str
    sort: str
    note: str = ""
    key: str = ""
    also: str = ""
    found: bool = False

    def as_json(self) -> dict[str, str]:
        """Tell it to the palette."""
        return {
            "label": self.label,
            "href": self.href,
            "sort": self.sort,
            "note": self.note,
            "key": self.key,
        }


def words_of(asked: str) -> tuple[str, ...]:
    """Take a question apart."""
    return tuple(asked.casefold().split())


def matching(hits: Iterable[Hit], asked: str) -> tuple[Hit, ...]:
    """Keep what has every word in its name, beside it or among its other words."""
    words = words_of(asked)
    return tuple(each for each in hits if each.found or all(word in _text(each) for word in words))


def ranked(hits: Iterable[Hit], asked: str, most: int) -> tuple[Hit, ...]:
    """Put what is called so first, what begins so next; each address once, `most` in all."""
    whole, words = " ".join(words_of(asked)), words_of(asked)
    ordered = sorted(hits, key=lambda each: (_closeness(each, whole, words), _place(each)))
    first = {each.href: each for each in reversed(ordered)}
    return tuple(each for each in ordered if first[each.href] is each)[:most]


def _text(hit: Hit) -> str:
    return f"{hit.label} {hit.note} {hit.also}".casefold()


def _closeness(hit: Hit, whole: str, words: tuple[str, ...]) -> int:
    label = hit.label.casefold()
    if label == whole or hit.sort == "id":
        return _IS
    if label.startswith(whole):
        return _BEGINS
    begins = _WORD.findall(label)
    if all(any(each.startswith(word) for each in begins) for word in words):
        return _WORD_BEGINS
    return _HOLDS if all(word in label for word in words) else _BESIDE


def _place(hit: Hit) -> tuple[int, int, str]:
    return SORTS.index(hit.sort), len(hit.label), hit.label.casefold()
