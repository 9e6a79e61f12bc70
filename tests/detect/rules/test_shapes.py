"""Shapes and the validators made of rules."""

from __future__ import annotations

import re

from muniment.detect.rules.shapes import bare, checked, digits, is_date, is_short_date, windows


def test_digits_in_groups_are_written_as_a_shape() -> None:
    """Together, split by hyphens and split over two lines are the same number."""
    shape = re.compile(digits(3, 2, 4))
    for text in ("123456789", "123-45-6789", "123 45 6789", "123-45\n6789"):
        assert shape.fullmatch(text)
    assert not shape.search("1234567890")
    assert bare("ab-1 2") == "AB12"


def test_a_validator_says_why() -> None:
    """A rule that fails says so; a value written together may be worth less; gaps are even."""
    rule = checked(lambda value: value != "000", "not zero", together=0.2, gaps=2)
    assert not rule("000").ok
    assert rule("123").score == 0.2
    assert rule("1-2-3").score is None
    assert not rule("1-23").ok
    assert not rule("1-2 3").ok


def test_runs_of_digits_are_cut_at_their_groups() -> None:
    """Every run of whole groups from the start with one kind of separator is given."""
    found = {number for _, _, number, _ in windows("2024 4111-1111", 12)}
    assert found == {"2024", "20244111"}


def test_days_are_looked_up_in_the_calendar() -> None:
    """Leap years count, and there is no thirty-first of June."""
    assert is_date(2024, 2, 29)
    assert not is_date(2023, 2, 29)
    assert not is_date(2023, 6, 31)
    assert not is_date(1700, 1, 1)
    assert is_short_date("02", "29")
    assert not is_short_date("13", "01")
