"""Which of the words that were looked at may be of a name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from muniment.detect.detectors.names import artefact
from muniment.detect.detectors.names.choosing import doubted, named, not_too_short
from muniment.detect.detectors.names.labels import LABELS, begin_of
from muniment.detect.detectors.names.memory import Memory
from muniment.detect.detectors.names.reading import Read
from muniment.detect.detectors.names.tokens import chunks
from tests.detect.detectors.names.tiny import tiny


@pytest.mark.parametrize(
    ("places", "leads", "chosen", "last"),
    [
        ([3, 4, 5], [-1.0, 2.0, -1.0], [0, 1, 2], 5),
        ([3, 4, 9], [-1.0, 2.0, -1.0], [0, 1], 9),
        ([3, 5, 6], [-1.0, -1.0, 2.0], [1, 2], 6),
        ([3, 4], [-3.0, -9.0], [], -2),
        ([1, 2, 3], [2.0, -3.0, 2.0], [0, 2], 3),
        ([], [], [], -2),
    ],
)
def test_unsure_words_stay_with_sure_ones(
    places: list[int], leads: list[float], chosen: list[int], last: int
) -> None:
    """A run of words that touch is kept where one of them is sure; the last unsure one is told."""
    assert named(places, leads) == (chosen, last)


def test_a_first_look_keeps_unsure_pairs() -> None:
    """In a part of the text one of two unsure neighbours might be sure."""
    assert doubted([1, 2, 5, 8], [-1.0, -1.0, -1.0, 1.0]) == [1, 2, 8]


@pytest.mark.parametrize(
    ("text", "kind", "kept"),
    [
        ("K x S4", "PERSON", []),
        ("K x S4", "ORGANIZATION", [0, 2]),
        ("K x S4", "LOCATION", [0, 2]),
        ("K. x Bob", "PERSON", [0, 2]),
    ],
)
def test_one_or_two_letters_alone_are_no_person(
    tmp_path: Path, text: str, kind: str, kept: list[int]
) -> None:
    """In tables such marks stand alone; firms, places and initials may be as short."""
    tiny(tmp_path / "a.bin")
    memory, cut = Memory(artefact.read(tmp_path / "a.bin")), chunks(text)
    memory.learn(cut)
    read = Read.of(cut, memory, [memory.chunks[chunk] for chunk in cut])
    scores = np.zeros((LABELS, 3), np.float32)
    scores[begin_of(kind)] = 9.0
    assert not_too_short(read, [0, 2], [0, 1, 2], scores) == kept


def test_neighbours_make_a_short_word_long_enough(tmp_path: Path) -> None:
    """A letter beside another word of the name stays."""
    tiny(tmp_path / "a.bin")
    memory, cut = Memory(artefact.read(tmp_path / "a.bin")), chunks("K Bob")
    memory.learn(cut)
    read = Read.of(cut, memory, [memory.chunks[chunk] for chunk in cut])
    scores = np.zeros((LABELS, 2), np.float32)
    scores[begin_of("PERSON")] = 9.0
    assert not_too_short(read, [0, 1], [0, 1], scores) == [0, 1]
