"""Scores of labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from muniment.detect.detectors.names import artefact
from muniment.detect.detectors.names.candidates import LEFT
from muniment.detect.detectors.names.labels import LABELS, begin_of
from muniment.detect.detectors.names.memory import Memory
from muniment.detect.detectors.names.reading import Read
from muniment.detect.detectors.names.scores import Tagger
from muniment.detect.detectors.names.tokens import chunks
from tests.detect.detectors.names.tiny import tiny

TEXT = "then Mr Igwe met Anna in Berlin and the others went home by a train that was late again"


@pytest.fixture(name="made")
def _made(tmp_path: Path) -> tuple[Tagger, Memory]:
    tiny(tmp_path / "a.bin")
    read = artefact.read(tmp_path / "a.bin")
    return Tagger(read), Memory(read)


def _read(text: str, memory: Memory) -> Read:
    cut = chunks(text)
    memory.learn(cut)
    return Read.of(cut, memory, [memory.chunks[chunk] for chunk in cut])


def test_a_score_hangs_on_no_other_place(made: tuple[Tagger, Memory]) -> None:
    """Asked together, one by one, or more than a block at once, a place has the same scores."""
    tagger, memory = made
    read = _read(" ".join([TEXT] * 16), memory)
    places = np.arange(len(read.cut), dtype=np.intp)
    whole = tagger.scores(read, places)
    assert whole.shape == (LABELS, len(places))
    for place in (0, 2, 199, 200, len(places) - 1):
        alone = tagger.scores(read, places[place : place + 1])
        assert np.array_equal(alone[:, 0], whole[:, place])


def test_a_word_that_is_cut_off_is_no_word(made: tuple[Tagger, Memory]) -> None:
    """Without the last word of the window, a place has the scores of a text that ends there."""
    tagger, memory = made
    place = np.array([3], dtype=np.intp)
    both = tagger.scores(_read(TEXT, memory), place, cut_off=place)
    ended = tagger.scores(_read(" ".join(TEXT.split(" ")[:6]), memory), place)
    assert np.array_equal(both[:, 1], ended[:, 0])


def test_what_is_certain_is_minded(made: tuple[Tagger, Memory]) -> None:
    """Behind a form of address stands a person, whatever the network says without it."""
    tagger, memory = made
    read = _read(TEXT, memory)
    igwe = np.array([2], dtype=np.intp)
    told = read.told.copy()
    told[LEFT + 1] = 0
    minded, not_minded = tagger.scores(read, igwe), tagger.scores(read._replace(told=told), igwe)
    more = minded - not_minded
    assert more[begin_of("PERSON"), 0] == pytest.approx(5.0, abs=0.01)
    assert np.count_nonzero(more) == 1
