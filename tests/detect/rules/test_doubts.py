"""A first look at a text says where nothing is; what it cannot tell it doubts."""

from __future__ import annotations

import pytest

from muniment.detect.rules.doubts import Calm, Doubts, Survey, far_apart, odd_places


def test_places_that_touch_are_one() -> None:
    """They are merged and stand in order, and a part that borders on one touches it."""
    doubts = Doubts.of([(30, 40), (0, 5), (5, 9), (35, 50)])
    assert (doubts.starts, doubts.ends) == ((0, 30), (9, 50))
    assert doubts.touch(9, 12)
    assert not doubts.touch(10, 29)
    assert doubts.touch(10, 30)
    assert not Doubts.of([]).touch(0, 100)


@pytest.mark.parametrize(
    "text",
    ["a" * 64, "one\ttwo", "one    two", "one \n\n two", "one\u00a0two", "eins \u65e5\u672c zwei"],
)
def test_what_a_part_may_read_otherwise_is_doubted(text: str) -> None:
    """Long words, wide blanks and scripts without spaces, with what is around them."""
    assert odd_places(f"plain words {text} and more")


def test_usual_text_is_not_doubted() -> None:
    """Words and blanks of usual length say nothing."""
    assert odd_places("The committee met on Tuesday,\nand it rained. Schön war es nicht.") == []


def test_a_name_behind_words_that_are_all_long_is_doubted() -> None:
    """A part is read from so far before that usual words are there; five very long ones are not."""
    long = "abcdefghijklmnopqrstuvwxyz "
    assert far_apart(f"plain words {long}and a few more of them") == []
    text = f"{long * 5}Anna"
    doubts = Doubts.of(far_apart(text))
    assert doubts.touch(len(text) - 1, len(text))
    assert not doubts.touch(0, 60)


def test_what_was_told_already_is_no_reason_to_read_on_but_what_may_go_on_is() -> None:
    """A shape or a name behind which text was looked at says nothing; a beginning still does."""
    none = Doubts.of([])
    begun, told = Doubts.of([(10, 12)]), Doubts.of([(110, 120)])
    assert Survey(begun, none, none, "build").calm(0, 200, 300) == Calm(shapes=False, names=True)
    assert Survey(begun, none, none, "build").calm(50, 200, 300) == Calm(shapes=True, names=True)
    survey = Survey(none, told, told, "build")
    assert survey.calm(50, 200, 300) == Calm(shapes=True, names=True)
    assert survey.calm(50, 115, 300) == Calm(shapes=False, names=False)
    assert survey.calm(50, 90, 109) == Calm(shapes=True, names=True)
