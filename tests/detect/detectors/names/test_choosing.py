"""Which of the words that were looked at may be of a name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from muniment.detect.detectors.names import artefact
from muniment.detect.detectors.names.choosing import doubted, named, not_too_short
from muniment.detect.detectors.names.labels import TYPES, begin_of
from muniment.detect.detectors.names.memory import Memory
from muniment.detect.detectors.names.spans import Piece
from tests.detect.detectors.names.tiny import tiny


def _piece(place: int, lead: float, *, short: bool = False) -> Piece:
    likely = (1.0, *(0.0 for _ in TYPES[1:]))
    return Piece(place, place, place + 1, 0, lead, False, short, begin_of(TYPES[0]), likely)


@pytest.mark.parametrize(
    ("places", "leads", "chosen"),
    [
        ([3, 4, 5], [-1.0, 2.0, -1.0], [3, 4, 5]),
        ([3, 4, 9], [-1.0, 2.0, -1.0], [3, 4]),
        ([3, 5, 6], [-1.0, -1.0, 2.0], [5, 6]),
        ([3, 4], [-1.0, 0.0], []),
        ([1, 3], [2.0, 2.0], [1, 3]),
        ([], [], []),
    ],
)
def test_unsure_words_stay_with_sure_ones(
    places: list[int], leads: list[float], chosen: list[int]
) -> None:
    """A run of words that touch is kept where one of them is sure."""
    pieces = [_piece(place, lead) for place, lead in zip(places, leads, strict=True)]
    assert [piece.place for piece in named(pieces)] == chosen


def test_a_first_look_keeps_unsure_pairs() -> None:
    """In a part of the text one of two unsure neighbours might be sure."""
    pieces = [_piece(*each) for each in ((1, -1.0), (2, -1.0), (5, -1.0), (8, 1.0))]
    assert [piece.place for piece in doubted(pieces)] == [1, 2, 8]


def test_what_is_too_short_does_not_stand_alone() -> None:
    """In tables such marks stand alone."""
    assert not_too_short([_piece(place, 2.0, short=True) for place in (0, 2)]) == []


@pytest.mark.parametrize(
    ("chunk", "short"), [("K", True), ("S4", True), ("K.", False), ("Bob", False)]
)
def test_initials_and_longer_words_are_not_short(
    tmp_path: Path, chunk: str, *, short: bool
) -> None:
    """A letter with a dot stands for a name, and three letters may be one."""
    tiny(tmp_path / "a.bin")
    memory = Memory(artefact.read(tmp_path / "a.bin"))
    memory.learn([chunk])
    (number,) = np.frombuffer(memory.chunks[chunk], np.int32).tolist()
    assert memory.told[number][3] is short


def test_what_is_not_short_stands_alone() -> None:
    """Other words are left out for no such reason."""
    pieces = [_piece(place, 2.0) for place in (0, 2)]
    assert not_too_short(pieces) == pieces


def test_neighbours_make_a_short_word_long_enough() -> None:
    """A letter beside another word of the name stays."""
    pieces = [_piece(4, 2.0, short=True), _piece(5, 2.0)]
    assert not_too_short(pieces) == pieces
