"""Cutting text into words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.detect.detectors.names.tokens import (
    MAX_LETTERS,
    SHAPES,
    chunks,
    mark_kind,
    shape_number,
    words,
)


@pytest.mark.parametrize(
    ("chunk", "texts"),
    [
        ("Anna", ["Anna"]),
        ("(Jean-Paul,", ["Jean", "Paul"]),
        ("O\u2019Brien's", ["O", "Brien", "s"]),
        ('{"name":"John"}', ["name", "John"]),
        ("--", ["--"]),
        ("\n", ["\n"]),
        ("", []),
        ("B12/4th", ["B12", "4th"]),
    ],
)
def test_a_chunk_is_cut_at_its_marks(chunk: str, texts: list[str]) -> None:
    """Letters and digits make words; a chunk of marks alone is one word, an empty one has none."""
    assert [word.text for word in words(chunk)] == texts


def test_a_word_knows_the_marks_that_touch_it() -> None:
    """Letters and digits make words; marks alone are one word, an empty chunk has none."""
    (first, second) = words("(Jean-Paul,")
    assert (first.before, first.after) == (mark_kind("("), mark_kind("-"))
    assert (second.before, second.after) == (mark_kind("-"), mark_kind(","))


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("anna", "lower"),
        ("Anna", "capital"),
        ("ANNA", "capitals"),
        ("AWS", "short capitals"),
        ("A", "initial"),
        ("McDonald", "inner capital"),
        ("iPhone", "camel"),
        ("2026", "digits 4"),
        ("4th", "digits and lower"),
        ("C4", "digits and capitals"),
        ("\u5f20\u4f1f", "foreign"),
        ("\u0418\u0432\u0430\u043d", "foreign"),
        ("\u00c9lodie", "capital"),
        ("x" * (MAX_LETTERS + 1), "too long"),
    ],
)
def test_a_word_has_a_shape(word: str, shape: str) -> None:
    """The way a word is written is told by a few shapes; a long run of letters has its own."""
    assert SHAPES[words(word)[0].shape] == shape
    assert shape_number(shape) == words(word)[0].shape


@given(st.text(max_size=200))
def test_words_stand_where_they_say(text: str) -> None:
    """Whatever the text, each word is found at the place it gives."""
    for chunk in chunks(text):
        for word in words(chunk):
            assert chunk[word.start : word.start + len(word.text)] == word.text


@given(st.text(max_size=200))
def test_chunks_lose_nothing(text: str) -> None:
    """Chunks put together again give the text, with blanks around its line ends."""
    assert " ".join(chunks(text)) == text.replace("\n", " \n ")
