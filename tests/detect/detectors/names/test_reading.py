"""A text as the tagger reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.detect.detectors.names import artefact
from muniment.detect.detectors.names.candidates import LEFT, RIGHT
from muniment.detect.detectors.names.memory import Memory
from muniment.detect.detectors.names.reading import Read, places_of, words_before
from muniment.detect.detectors.names.tokens import chunks, words
from tests.detect.detectors.names.tiny import tiny


@pytest.fixture(name="memory", scope="module")
def _memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    path: Path = tmp_path_factory.mktemp("reading") / "a.bin"
    tiny(path)
    return Memory(artefact.read(path))


def _read(text: str, memory: Memory) -> Read:
    cut = chunks(text)
    memory.learn([chunk for chunk in cut if chunk not in memory.chunks])
    return Read.of(cut, memory, [memory.chunks[chunk] for chunk in cut])


@given(
    st.lists(st.sampled_from(["Anna", "(Jean-Paul,", "", "\n", "--", "x", "B12/4th", "É.", "\t"]))
)
def test_every_word_is_found_where_it_stands(memory: Memory, parts: list[str]) -> None:
    """Whatever blanks, line ends and marks stand around a word, its place cuts it out."""
    text = " ".join(parts)
    read = _read(text, memory)
    expected = [word.text for chunk in chunks(text) for word in words(chunk)]
    assert len(read.word) == LEFT + len(expected) + RIGHT
    found = places_of(read, list(range(len(expected))))
    assert [text[start:end] for start, end, _, _ in found] == expected
    few = list(range(0, len(expected), 3))
    assert places_of(read, few) == [found[place] for place in few]


def test_words_before_a_place_are_counted(memory: Memory) -> None:
    """Those of the chunks that end before it, and the line ends, count."""
    text = "Anna Jean-Paul\nx y"
    read = _read(text, memory)
    assert [words_before(text, read.known, at) for at in (0, 5, 15, 17)] == [0, 1, 4, 5]


@pytest.mark.parametrize(("text", "may"), [("Acme Ltd", True), ("S.A.", True), ("Acme", False)])
def test_the_end_of_a_firm_is_seen(memory: Memory, text: str, *, may: bool) -> None:
    """Only a text with such a word is read for firms."""
    assert _read(text, memory).may_end_firm() is may
