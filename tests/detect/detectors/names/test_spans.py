"""Joining words into names."""

from __future__ import annotations

import pytest

from muniment.detect.detectors.names.labels import LABELS, TYPES, begin_of, inside_of
from muniment.detect.detectors.names.spans import Piece, joined
from muniment.detect.detectors.names.tokens import words


def _found(text: str, labels: list[tuple[str, int]], *, sure: bool = True) -> list[tuple[str, str]]:
    pieces, at = [], 0
    for place, (word, label) in enumerate(labels):
        at = text.index(word, at)
        lead = 9.0 if sure or place == 0 else -1.0
        shares = [0.0] * len(TYPES)
        shares[(label - 1) // 2] = 1.0 if lead > 0 else 0.2
        shape, end = words(word)[0].shape, at + len(word)
        pieces.append(Piece(place, at, end, shape, lead, False, False, label, shares))
        at += len(word)
    return [(text[each.start : each.end], each.type) for each in joined(text, pieces)]


B, IN = begin_of("PERSON"), inside_of("PERSON")


@pytest.mark.parametrize(
    ("text", "labels", "names"),
    [
        ("Anna Berg", [("Anna", B), ("Berg", IN)], ["Anna Berg"]),
        ("Anna, Berg or", [("Anna", B), ("Berg", B)], ["Anna", "Berg"]),
        ("Anna\nBerg", [("Anna", B), ("\n", IN), ("Berg", IN)], ["Anna", "Berg"]),
        ("Anna - ", [("Anna", B), ("-", IN)], ["Anna"]),
        ("Smith Jr. left", [("Smith", B), ("Jr", IN)], ["Smith Jr."]),
        ("Anna K. left", [("Anna", B), ("K", IN)], ["Anna K."]),
        ("Anna's", [("Anna", B), ("s", IN)], ["Anna"]),
    ],
)
def test_words_make_names(text: str, labels: list[tuple[str, int]], names: list[str]) -> None:
    """A name ends where another begins, at a line end, and before a possessive."""
    assert _found(text, labels) == [(name, "PERSON") for name in names]


def test_a_name_has_one_type() -> None:
    """Where its words do not agree, the type they favour together wins."""
    place = inside_of("ORGANIZATION")
    found = _found(
        "Bank of Berlin", [("Bank", begin_of("ORGANIZATION")), ("of", place), ("Berlin", IN)]
    )
    assert found == [("Bank of Berlin", "ORGANIZATION")]


def test_an_unsure_word_joins_a_sure_one() -> None:
    """A capital word that alone would not do belongs to the name beside it; others do not."""
    assert _found("Anna Berg", [("Anna", B), ("Berg", IN)], sure=False) == [("Anna Berg", "PERSON")]
    assert _found("Anna went", [("Anna", B), ("went", IN)], sure=False) == [("Anna", "PERSON")]
    assert _found("Anna, Berg", [("Anna", B), ("Berg", IN)], sure=False) == [("Anna", "PERSON")]


def test_sureness_is_the_mean_of_that_of_the_type_and_of_any_name() -> None:
    """Of two words it is that of both."""
    shape = words("Anna")[0].shape
    one = Piece(0, 0, 4, shape, 1.0, False, False, B, (0.5, 0.0, 0.2, 0.0, 0.0, 0.0))
    other = Piece(1, 5, 9, shape, 1.0, False, False, IN, (0.9, 0.1, 0.0, 0.0, 0.0, 0.0))
    assert [found.score for found in joined("Anna Berg", [one])] == [0.6]
    assert [found.score for found in joined("Anna Berg", [one, other])] == [0.775]


def test_every_type_has_two_labels() -> None:
    """Labels are numbered without a gap."""
    numbers = [label(kind) for kind in TYPES for label in (begin_of, inside_of)]
    assert numbers == list(range(1, LABELS))
