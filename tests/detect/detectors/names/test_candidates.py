"""Which words are looked at."""

from __future__ import annotations

import numpy as np
import pytest

from muniment.detect.detectors.names.candidates import (
    STRONG,
    WEAK,
    addresses,
    is_given_name,
    is_place,
    is_strong,
    looked_at,
    strong_of,
    takes_address,
    weight,
)
from muniment.detect.detectors.names.features import KNOWN
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


def test_neighbours_are_looked_at_too() -> None:
    """What stands beside a strong word may belong to its name."""
    strong = np.array([False, False, True, False, False])
    assert looked_at(strong).tolist() == [False, True, True, True, False]


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


def test_weak_words_count_beside_others() -> None:
    """Two of them side by side may be a name, and so may one beside a strong word."""
    weights = np.array([WEAK, 0, WEAK, WEAK, 0, STRONG, WEAK, 0], dtype=np.uint8)
    strong = strong_of(weights).tolist()
    assert strong == [False, False, True, True, False, True, True, False]


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
