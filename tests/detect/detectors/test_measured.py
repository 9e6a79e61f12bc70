"""The error rates in the data sheets."""

from __future__ import annotations

import pytest

from benchmarks import detect_unseen
from muniment.detect import sheets
from muniment.detect.detectors import measured
from muniment.detect.detectors.measured import Row


def test_the_recorded_rates_are_those_of_the_code() -> None:
    """Counting anew gives what the data sheets say; after a change, count with --record."""
    assert detect_unseen.count() == dict(measured.rows())


def test_every_sheet_says_what_was_measured() -> None:
    """A type without figures says so."""
    assert all(sheet.measured for sheet in sheets())


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            Row(9, 20, 18, 19, 1),
            "18 of 20 were found with both ends right and 1 more in part",
        ),
        (Row(9, 2, 2, 2, 0), "2 of 2 were found, 0 were false; too few to say more."),
        (Row(9, 0, 0, 0, 3), "none was there to find, 3 were false."),
    ],
)
def test_counts_are_said_in_words(row: Row, words: str) -> None:
    """Right, half right and false are told apart, and few examples are no proof."""
    assert words in measured.told(row)


def test_each_type_is_a_line() -> None:
    """The file has a line for each type, so that changes show in a review."""
    text = measured.written({"B": Row(1, 2, 3, 4, 5), "A": Row(1, 0, 0, 0, 0)})
    assert text.splitlines()[1] == '"A": [1, 0, 0, 0, 0],'
