"""What is remembered between scans."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from muniment.detect.detectors.names import artefact
from muniment.detect.detectors.names.candidates import WINDOW
from muniment.detect.detectors.names.memory import MAX_WORDS, Memory
from muniment.detect.detectors.names.reader import FullError
from tests.detect.detectors.names.tiny import tiny


@pytest.fixture(name="memory")
def _memory(tmp_path: Path) -> Memory:
    tiny(tmp_path / "a.bin")
    return Memory(artefact.read(tmp_path / "a.bin"))


def test_a_chunk_keeps_the_numbers_of_its_words(memory: Memory) -> None:
    """Words that were seen keep their number in every chunk they stand in."""
    memory.learn(["Anna,", "(Anna", "Anna,"])
    one, other = (np.frombuffer(memory.chunks[chunk], np.int32) for chunk in ("Anna,", "(Anna"))
    assert len(one) == len(other) == 1
    assert one[0] != other[0]
    assert memory.starts["(Anna"] == (1,)


def test_learning_twice_changes_nothing(memory: Memory) -> None:
    """A chunk that is known is left as it is."""
    memory.learn(["Berlin"])
    before = memory.chunks["Berlin"]
    memory.learn(["Berlin", "the"])
    assert memory.chunks["Berlin"] == before


def test_a_word_alone_and_among_others_has_the_same_share(tmp_path: Path) -> None:
    """What is remembered of a word does not hang on when it was seen, or when it was weighed."""
    tiny(tmp_path / "a.bin")
    many = [f"w{number}x" for number in range(300)]
    shares = []
    for chunks in (["Berlin"], ["a", "b", "Berlin", "c"], ["Berlin", *many], [*many, "Berlin"]):
        memory = Memory(artefact.read(tmp_path / "a.bin"))
        memory.learn(chunks)
        numbers = np.frombuffer(b"".join(memory.chunks[each] for each in chunks), np.int32)
        memory.weigh(numbers)
        number = int(np.frombuffer(memory.chunks["Berlin"], np.int32)[0])
        shares.append(memory.shares[number * WINDOW : (number + 1) * WINDOW].tolist())
    assert any(map(any, shares[0]))
    assert shares == shares[:1] * 4


def test_a_new_word_is_weighed_when_it_is_asked_about_and_once(memory: Memory) -> None:
    """Words of which nobody asks cost nothing; what was weighed stays as it is."""
    memory.learn(["Berlin", "4711"])
    numbers = np.frombuffer(memory.chunks["Berlin"] + memory.chunks["4711"], np.int32)
    assert memory.waits[numbers].tolist() == [True, True]
    memory.weigh(numbers[:1])
    assert memory.waits[numbers].tolist() == [False, True]
    before = memory.shares.copy()
    memory.weigh(numbers[:1])
    assert (memory.shares == before).all()


def test_memory_is_bounded(memory: Memory) -> None:
    """When there is no room left it says so, and still knows what it knew."""
    with pytest.raises(FullError):
        memory.learn([f"w{number}x" for number in range(MAX_WORDS + 1)])
    memory.learn(["Berlin"])
    assert "Berlin" in memory.chunks
