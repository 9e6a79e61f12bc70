"""Which words are looked at."""

from __future__ import annotations

import pytest

from muniment.detect.detectors.names.candidates import (
    ADDRESSES,
    COUNTS,
    FORM,
    GIVEN,
    HEAVY,
    PLACE,
    STRONG,
    TAKES_ADDRESS,
    WEAK,
    addresses,
    is_given_name,
    is_place,
    is_strong,
    reasons,
    takes_address,
    weight,
)
from muniment.detect.detectors.names.known import KNOWN
from muniment.detect.detectors.names.tokens import words


def _bits(*names: str) -> int:
    return sum(1 << KNOWN.index(name) for name in names)


ROWS = {
    "anna": (1, _bits("given")),
    "mark": (2, _bits("given", "common")),
    "nurse": (3, _bits("job", "common")),
    "the": (4, _bits("common")),
    "paris": (5, _bits("city")),
    "nancy": (6, _bits("city", "given")),
}


@pytest.mark.parametrize(
    ("word", "strong"),
    [
        ("Table", True),
        ("anna", True),
        ("mark", False),
        ("nurse", True),
        ("the", False),
        ("wojtek", False),
        ("rue", True),
        ("42", False),
        ("of", False),
        ("\u5f20\u4f1f", False),
        ("a" * 30, False),
    ],
)
def test_what_is_reason_enough_to_look(word: str, *, strong: bool) -> None:
    """Capitals, listed names and titles, and roads are looked at; other small words are not."""
    assert is_strong(words(word)[0], ROWS) is strong


def test_code_is_no_reason_to_look() -> None:
    """An unknown small word that touches marks of code is not looked at."""
    assert not is_strong(words("self.wojtek(")[1], ROWS)


@pytest.mark.parametrize(
    ("word", "heavy"),
    [
        ("The", WEAK),
        ("He", WEAK),
        ("Anna", STRONG),
        ("Mark", STRONG),
        ("Zorvan", STRONG),
        ("the", 0),
    ],
)
def test_a_sentence_may_begin_without_reason_to_look(word: str, heavy: int) -> None:
    """An ordinary word with a capital is no reason by itself; a listed or unknown one is."""
    assert weight(words(word)[0], ROWS) == heavy


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("Anna", COUNTS | HEAVY | TAKES_ADDRESS | GIVEN),
        ("Paris", COUNTS | HEAVY | TAKES_ADDRESS | PLACE),
        ("Mr", COUNTS | HEAVY | ADDRESSES),
        ("mr", ADDRESSES),
        ("The", COUNTS),
        ("Ltd", COUNTS | HEAVY | TAKES_ADDRESS | FORM),
        ("plc", FORM),
        ("the", 0),
        ("42", 0),
    ],
)
def test_all_that_is_known_of_a_word_is_one_number(word: str, told: int) -> None:
    """What is reason to look at a word, and what is certain of it, is remembered together."""
    assert reasons(words(word)[0], ROWS) == told


def test_a_form_of_address_is_told_from_names() -> None:
    """Behind `Mr` stands a name, unless it is an ordinary word or another form of address."""
    assert addresses(words("Mr")[0])
    assert not addresses(words("Anna")[0])
    taken = [takes_address(words(each)[0], ROWS) for each in ("Igwe", "Anna", "The", "Dr", "igwe")]
    assert taken == [True, True, False, False, False]


def test_a_listed_place_that_is_nothing_else_is_one() -> None:
    """What a list also has as a first name is not certain."""
    assert [is_place(words(each)[0], ROWS) for each in ("Paris", "Nancy", "paris")] == [
        True,
        False,
        False,
    ]


def test_a_listed_first_name_that_is_nothing_else_is_one() -> None:
    """What is also a town or an ordinary word is left to the words around it."""
    told = [is_given_name(words(each)[0], ROWS) for each in ("Anna", "Nancy", "Mark", "anna")]
    assert told == [True, False, False, False]
