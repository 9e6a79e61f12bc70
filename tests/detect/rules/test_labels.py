"""A value belongs to the label that stands nearest to it."""

from __future__ import annotations

from muniment.detect import Scanner
from muniment.detect.models import Family, Finding, Why
from muniment.detect.rules.labels import Labelled, outdone

_SCANNER = Scanner(layers="patterns")


def _one(type_: str, word: str, away: int, *, start: int = 10, end: int = 19) -> Labelled:
    why = Why(type_.lower(), (word,), ())
    return Labelled(Finding(type_, Family.PII, start, end, 0.9, why), away)


def test_the_nearest_label_wins() -> None:
    """Whatever the scores say, what stands nearer says what a value is."""
    near, far = _one("US_PASSPORT", "passport", 0), _one("US_SSN", "ssn", 2)
    assert outdone([near, far]) == [far.finding]
    assert outdone([far, near]) == [far.finding]


def test_labels_that_share_a_word_are_equally_near() -> None:
    """*Australian passport* ends a word before *passport number* does, and says no less."""
    assert not outdone(
        [_one("AU_PASSPORT", "australian passport", 1), _one("PASSPORT", "passport number", 0)]
    )


def test_a_label_takes_nothing_from_another_value() -> None:
    """Only what lies over the very same characters is compared."""
    assert not outdone([_one("US_SSN", "ssn", 5), _one("US_PASSPORT", "passport", 0, start=40)])


def test_a_list_of_values_keeps_its_label() -> None:
    """A second number behind the same word is found as the first one is."""
    text = "SSN 536-22-1234, 537-22-1234 and 531234567"
    assert [each.type for each in _SCANNER.scan(text)] == ["US_SSN"] * 3


def test_why_another_label_won_is_told() -> None:
    """Whoever wonders why a number is no social security number is told."""
    told = _SCANNER.explain("My SSN is 536-22-1234 and my passport number is 531234567.")
    assert [each.type for each in told.scan.findings] == ["US_SSN", "US_PASSPORT"]
    reasons = {each.type: each.reason for each in told.rejected if each.start == 48}
    assert reasons["US_SSN"] == "a word for something else stands nearer"
