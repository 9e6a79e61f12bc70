"""Cuts hang on the text alone: where an island begins and ends, however the text came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.detect.rules import segments
from muniment.detect.rules.hearing import Hearing
from muniment.detect.rules.segments import Asked, Walk, go_on, left_of, plan
from tests.detect.texts import CASES, TEXTS


@given(TEXTS, st.data())
def test_a_plan_that_is_ready_does_not_change_when_more_comes(
    text: str, data: st.DataObject
) -> None:
    """What was decided of a beginning is decided the same of the whole: the root of equality."""
    cut = data.draw(st.integers(0, len(text)))
    early = plan(text[:cut], 0, Asked(), final=False)
    late = plan(text, 0, Asked(), final=False)
    if early.ready:
        assert early == late
    assert early.free <= late.free


@given(TEXTS)
def test_a_plan_may_begin_again_where_plain_words_went(text: str) -> None:
    """Letting quiet words go at different times leads to the same decisions."""
    whole = plan(text, 0, Asked(), final=True)
    early = plan(text[: len(text) // 2], 0, Asked(), final=False)
    again = plan(text, early.free, Asked(), final=True)
    assert (again.cut, again.end, again.accept) == (whole.cut, whole.end, whole.accept)


def test_hinges_wait_for_the_word_after_them() -> None:
    """The last word, and `van` or `de la` after it, go only when no name follows."""
    assert plan("a painter vincent", 0, Asked(), final=False).free == 2
    text = "the plan de la "
    assert plan(text + "x", 0, Asked(), final=False).free == text.index("plan")
    assert plan(text + "mer it was so", 0, Asked(), final=False).free > len(text)


@pytest.mark.parametrize("text", CASES)
def test_every_plan_goes_forward(text: str) -> None:
    """At the end of a text everything is decided, in so many steps at most."""
    at, steps = 0, 0
    while at < len(text):
        told = plan(text, at, Asked(since=at), final=True)
        assert told.ready
        assert told.cut > at
        at, steps = told.cut, steps + 1
    assert steps <= len(text)


def test_the_left_side_of_a_scan_begins_with_a_word() -> None:
    """What stands before is given from the beginning of a word, and not too much of it."""
    text = "word " * 200
    at = left_of(text, 700)
    assert text[at - 1] == " "
    assert 700 - at <= segments.LEFT_CHARS
    assert left_of("short", 3) == 0
    assert left_of("x" * 1000, 900) == 900 - segments.LEFT_CHARS


@given(TEXTS)
def test_words_that_were_cut_before_lead_to_the_same_plans(text: str) -> None:
    """Going on with the words of a walk decides as cutting them anew does, also inside a word."""
    hearing, walk, at = Hearing(), Walk.begin(0), 0
    while at < len(text):
        asked = Asked(since=at, hearing=hearing)
        told = go_on(text, walk, asked, final=True)
        assert told == plan(text, at, asked, final=True)
        at = max(at + 1, told.cut - 2)
        walk = walk.again(text, at, hearing)
