"""Where a text has no digit and no pair of capitals, no number and no code is looked for."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.detect.rules import excerpts

PIECES = st.sampled_from(["a", "B", "7", "XY", "é", "\n", "words go on here ", "-" * 40])
CODE = re.compile(rb"[A-Z]{2}|[0-9]")


def read(data: bytes) -> tuple[list[tuple[int, int]], bytes]:
    """Give the parts of a text, which is all of it where most is marked, and the marks."""
    marks = excerpts.marks_of(excerpts.digits_of(data))
    found = excerpts.places(marks)
    return [(0, len(data))] if found is None else found, marks


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=60).map("".join), st.integers(0, 200))
def test_what_may_belong_to_a_code_stands_in_one_part(text: str, after: int) -> None:
    """Each digit and each pair has its whole surroundings in one part, and parts keep apart."""
    data = text.encode()
    places, marks = read(data)
    for each in CODE.finditer(data):
        around = max(0, each.start() - excerpts.REACH + 1), each.start() + excerpts.REACH
        assert any(start <= around[0] and min(around[1], len(data)) <= end for start, end in places)
    assert all(before[1] <= behind[0] for before, behind in pairwise(places))
    assert excerpts.has_marks(marks, after) or not CODE.search(data, after)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_parts_put_together_hold_the_same(text: str) -> None:
    """A place of the parts, moved back, is the same byte of the text."""
    data = text.encode()
    places, _ = read(data)
    parts = excerpts.together(data, places)
    at = 0
    for end, by in zip(parts.ends, parts.moved, strict=True):
        assert parts.data[at : end - 1] == data[at + by : end - 1 + by]
        at = end


def test_prose_with_one_number_is_searched_around_it() -> None:
    """Of a long text a little is left; where no part has enough digits, that is told."""
    data = b"nothing of this is a number at all, " * 20
    text = data + b"call 12 345 now. " + data
    places, _ = read(text)
    assert [text[start:end].count(b"12 345") for start, end in places] == [1]
    assert sum(end - start for start, end in places) < 80
    assert excerpts.has_digits(excerpts.digits_of(text), places, 5)
    assert not excerpts.has_digits(excerpts.digits_of(text), places, 6)
    assert read(data)[0] == []
