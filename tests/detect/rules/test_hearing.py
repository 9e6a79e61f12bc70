"""Words are told quiet from loud, one by one and many at once."""

from __future__ import annotations

import pytest
from hypothesis import given

from muniment.detect.rules.hearing import Hearing, block_of, is_quiet, words
from tests.detect.texts import CASES, TEXTS


@pytest.mark.parametrize(
    "word", ["plain", "words,", "don't", "(so)", "well-known.", "straße", "مرحبا", "日", "…", "—"]
)
def test_plain_words_are_quiet(word: str) -> None:
    """Nothing can be found in a plain word, so it need not wait."""
    assert is_quiet(word, frozenset())


@pytest.mark.parametrize(
    "word",
    [
        "Anna",
        "a@b",
        "x1",
        "key=",
        "password",
        "a.b",
        "[",
        "A",
        "a" * 30,
        "\uff41\uff42",
        "a\u200bb",
    ],
)
def test_words_that_may_matter_wait(word: str) -> None:
    """Capitals, digits, signs, announcing words, long runs and disguises are looked at first."""
    assert not is_quiet(word, frozenset())


def test_words_of_own_terms_are_loud() -> None:
    """The organisation's own words wait even if they look plain."""
    assert not is_quiet("falcon", frozenset({"falcon"}))


@given(TEXTS)
def test_a_block_holds_the_words_of_a_text(text: str) -> None:
    """Cut at once or one after the other, they are the same words."""
    block = block_of(text, 0, Hearing(), final=True)
    whole = [(word.start, word.end) for word in words(text, 0, final=True)]
    assert list(zip(block.starts, block.ends, strict=True)) == whole[: len(block.starts)]
    assert not block.ended or len(block.starts) == len(whole)


def test_a_block_ends_before_a_word_that_may_go_on() -> None:
    """What is cut off by the end of a stretch, or may still come, is not taken for a word."""
    assert block_of("one two", 0, Hearing(), final=False).ends == [3]
    assert block_of("one two", 0, Hearing(), final=True).ends == [3, 7]
    long = block_of("ab " * 4_000, 0, Hearing(), final=True)
    assert not long.ended
    assert long.ends[-1] < 8_192


def test_a_long_blank_counts_as_words() -> None:
    """So that it need not wait for its end; such a block is not gone on with."""
    block = block_of("a" + " " * 9_000 + "b", 0, Hearing(), final=True)
    assert block.ends == [1, 4_097, 8_193, 9_002]
    assert block.after("", 5_000, Hearing()) is None


def test_many_words_are_heard_as_each_of_them() -> None:
    """The memory of words changes nothing."""
    said = [word for case in CASES for word in case.split()[:50]]
    hearing = Hearing(frozenset({"plain"}))
    first = hearing.are_quiet(said)
    assert first == hearing.are_quiet(said)
    assert list(first) == [is_quiet(word, frozenset({"plain"})) for word in said]
