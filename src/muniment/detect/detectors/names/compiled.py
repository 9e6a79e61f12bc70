"""Reads texts by compiled code, where there is some: the same as `arrays`, several times faster.

A C compiler makes it when Muniment is installed, and a wheel for a platform brings it along. What
the code needs to know is handed to it from where it is written down, so that it stands once.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from muniment.detect.detectors.names import candidates, firms, tokens, weights
from muniment.detect.detectors.names.artefact import Artefact
from muniment.detect.detectors.names.choosing import TWICE, UNSURE
from muniment.detect.detectors.names.known import KNOWN, MULTIPLIERS, PART_BUCKETS
from muniment.detect.detectors.names.labels import begin_of
from muniment.detect.detectors.names.spans import APART, JOINING, JOINS, TOUCHING, Name, Piece

if TYPE_CHECKING:
    from muniment.detect.detectors.names._quick import Reader

_BITS: Final = 0xFFFF
_new: Final = tuple.__new__
_SHAPES: Final = (
    *("line end", "mark", "lower", "capital", "capitals", "initial", "short capitals", "camel"),
    *("digits 1", "digits and lower", "digits and capitals", "too long", "inner capital"),
    "foreign",
)
_ROAD, _SMALL, _ADDRESSED, _FORM, _LAST_LETTER = (1 << bit for bit in range(5))


class Compiled:
    """Reads texts by an artefact."""

    def __init__(self, artefact: Artefact) -> None:
        """Raise ImportError where there is no compiled code."""
        from muniment.detect.detectors.names._quick import Reader  # noqa: PLC0415  (may be absent)

        self._reader = _reader(Reader, artefact)

    def read(self, text: str, after: int = 0) -> tuple[list[Piece], bool]:
        """Give the words that may be of a name, and whether a word may end the name of a firm."""
        ends_firm, told = self._reader.read(text, after, False)
        return [_new(Piece, each) for each in told], ends_firm

    def names(self, text: str, after: int = 0) -> tuple[list[Name], bool]:
        """Give the words that are of names, joined into them, and whether one may end a firm's."""
        ends_firm, names = self._reader.names(text, after)
        return names, ends_firm

    def doubts(self, text: str) -> tuple[list[Piece], bool]:
        """Give them so as they may be read in any part of the text."""
        ends_firm, told = self._reader.read(text, 0, True)
        return [_new(Piece, each) for each in told], ends_firm

    def settled(self, text: str) -> int:
        """Give how many characters at the beginning keep their findings, whatever follows them."""
        return self._reader.settled(text)


def _reader(make: type[Reader], artefact: Artefact) -> Reader:
    """Hand everything over, in the order in which the code asks for it."""
    tables = artefact.tables
    inner, labels = tables["row"].shape[1], tables["second"].shape[1]
    return make(
        artefact.words,
        tables["word_row"].numbers,
        tables["word_known"].numbers,
        tables["parts"].numbers,
        tables["row"].numbers,
        tables["shape"].numbers,
        tables["before"].numbers,
        tables["after"].numbers,
        tables["known"].numbers,
        MULTIPLIERS,
        tables["first"].numbers,
        tables["second"].numbers,
        tables["first_bias"].numbers,
        array("f", weights.label_bias(artefact)),
        {mark: kind for mark, kind in tokens.KIND_OF_MARK.items() if len(mark) == 1},
        _meant(),
        _constants(),
        (
            begin_of("PERSON"),
            begin_of("ORGANIZATION"),
            begin_of("LOCATION"),
            weights.LIMIT,
            weights.MOST,
            weights.MAX_HIDDEN,
        ),
        (
            *tables["scale"].numbers,
            UNSURE,
            weights.IF_ADDRESSED,
            weights.IF_PLACE,
            weights.IF_GIVEN,
            TWICE,
        ),
        (inner, tables["second"].shape[0], labels, PART_BUCKETS.bit_length() - 1),
        tuple(sorted(TOUCHING)),
        "".join(sorted(JOINS)),
        "".join(sorted(APART)),
    )


def _meant() -> Mapping[str, int]:
    """Give the few words that mean something by themselves."""
    meant: dict[str, int] = {}
    for words, flag in (
        (candidates.ROADS, _ROAD),
        (candidates.SMALL_WORDS, _SMALL),
        (candidates.ADDRESSED, _ADDRESSED),
        (firms.FORM_WORDS, _FORM),
        (firms.LAST_LETTERS, _LAST_LETTER),
    ):
        for word in words:
            meant[word] = meant.get(word, 0) | flag
    return meant


def _constants() -> Sequence[int]:
    """Give the numbers of shapes and marks, and which bits are asked for together."""
    return (
        *map(tokens.shape_number, _SHAPES),
        *(tokens.OTHER, tokens.mark_kind("."), tokens.mark_kind("/")),
        sum(1 << shape for shape in candidates.WRITTEN_BIG),
        *(candidates.JOB, candidates.NAMELIKE, candidates.COMMON, 1 << KNOWN.index("honorific")),
        *(candidates.NO_MORE, candidates.SAYS_NO_MORE & _BITS, candidates.GEO),
        *(candidates.OF_OTHERS & _BITS, candidates.GIVEN_NAME, candidates.NOT_OF_PEOPLE & _BITS),
        *(candidates.LISTED, sum(1 << shape for shape in JOINING)),
    )
