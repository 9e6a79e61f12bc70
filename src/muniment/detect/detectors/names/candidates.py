"""Decides which words are looked at: most words of most texts cannot be part of a name."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names.features import KNOWN
from muniment.detect.detectors.names.tokens import SHAPES, Word

LEFT, RIGHT = 5, 3
"""How many words before and after a word its label depends on."""

WINDOW = LEFT + 1 + RIGHT

_NAMELIKE = sum(
    1 << KNOWN.index(name)
    for name in ("given", "family", "city", "region", "country", "job", "nrp", "street")
)
_LISTED = _NAMELIKE | 1 << KNOWN.index("organisation")
_COMMON = 1 << KNOWN.index("common")
_JOB = 1 << KNOWN.index("job") | 1 << KNOWN.index("nrp")
_WRITTEN_BIG = frozenset(
    SHAPES.index(name)
    for name in (
        *("capital", "capitals", "initial", "short capitals", "inner capital", "camel"),
        "digits and capitals",
    )
)
_ROADS = frozenset(
    (
        *("rue", "avenue", "boulevard", "chemin", "quai", "allée", "impasse", "calle", "avenida"),
        *("paseo", "plaza", "rua", "travessa", "praça", "via", "viale", "piazza", "corso"),
        *("vicolo", "largo", "straat", "laan", "street", "road", "lane"),
    )
)
_LOWER = SHAPES.index("lower")


def is_strong(word: Word, rows: Mapping[str, tuple[int, int]]) -> bool:
    """Tell whether a word alone is reason enough to look."""
    if word.shape in _WRITTEN_BIG:
        return True
    if word.shape != _LOWER or len(word.text) < 3:
        return False
    if word.text in _ROADS:
        return True
    known = rows.get(word.text)
    if known is None:
        return False
    bits = known[1]
    return bool(bits & _JOB) or (bool(bits & _NAMELIKE) and not bits & _COMMON)


def is_listed(word: Word, rows: Mapping[str, tuple[int, int]]) -> bool:
    """Tell whether a list of names, places, organisations, titles or groups has the word."""
    return bool(rows.get(word.text.lower(), (0, 0))[1] & _LISTED)


def quiet_words(rows: Mapping[str, tuple[int, int]]) -> frozenset[str]:
    """Give the known words that, in small letters, are alone no reason to look."""
    return frozenset(
        word
        for word, (_, bits) in rows.items()
        if word not in _ROADS and not bits & _JOB and (bits & _COMMON or not bits & _NAMELIKE)
    )


def looked_at(strong: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Widen the strong words by their neighbours, which may belong to the same name."""
    wide = strong.copy()
    wide[1:] |= strong[:-1]
    wide[:-1] |= strong[1:]
    return wide
