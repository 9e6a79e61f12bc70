"""Joining words into names."""

from __future__ import annotations

from math import log

import pytest

from muniment.detect.detectors.names.labels import LABELS, TYPES, begin_of, inside_of
from muniment.detect.detectors.names.spans import Piece, joined
from muniment.detect.detectors.names.tokens import words


def _found(text: str, labels: list[tuple[str, int]], *, sure: bool = True) -> list[tuple[str, str]]:
    pieces, at = [], 0
    for place, (word, label) in enumerate(labels):
        at = text.index(word, at)
        lead = 9.0 if sure or place == 0 else -1.0
        scores = [-9.0] * LABELS
        scores[0], scores[label] = 0.0, lead
        shape, end = words(word)[0].shape, at + len(word)
        pieces.append(Piece(place, at, end, shape, lead, known=False, short=False, scores=scores))
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


@pytest.mark.parametrize("by", [0.0, -299.0, 299.0, -1_000.0, 1_000.0])
def test_sureness_is_the_mean_of_that_of_the_type_and_of_any_name(by: float) -> None:
    """Five of ten parts are for a person and two for a place, however high all scores are."""
    scores = [-60.0 + by] * LABELS
    for label, weight in ((0, 3.0), (B, 1.0), (IN, 4.0), (begin_of("LOCATION"), 2.0)):
        scores[label] = log(weight) + by
    piece = Piece(0, 0, 4, words("Anna")[0].shape, scores[IN] - scores[0], True, False, scores)
    (found,) = joined("Anna", [piece])
    assert (found.type, found.score) == ("PERSON", 0.6)


def test_every_type_has_two_labels() -> None:
    """Labels are numbered without a gap."""
    numbers = [label(kind) for kind in TYPES for label in (begin_of, inside_of)]
    assert numbers == list(range(1, LABELS))
