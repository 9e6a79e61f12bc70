"""Where a text has no digit and no pair of capitals, no number and no code is looked for."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.detect.rules import excerpts

PIECES = st.sampled_from(["a", "B", "7", "XY", "é", "\n", "words go on here ", "-" * 40])
CODE = re.compile(rb"[A-Z]{2}|[0-9]")


def read(data: bytes) -> tuple[excerpts.Parts, bytes]:
    """Give the parts of a text, and its marks."""
    marks = excerpts.marks_of(excerpts.digits_of(data))
    return excerpts.parts_of(data, marks), marks


def places(parts: excerpts.Parts) -> list[tuple[int, int]]:
    """Say where in the text each of its parts lies."""
    starts = [0, *parts.ends][: len(parts.ends)]
    return [
        (start + by, end - 1 + by)
        for start, end, by in zip(starts, parts.ends, parts.moved, strict=True)
    ]


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=60).map("".join), st.integers(0, 200))
def test_what_may_belong_to_a_code_stands_in_one_part(text: str, after: int) -> None:
    """Each digit and each pair has its whole surroundings in one part, and parts keep apart."""
    data = text.encode()
    parts, marks = read(data)
    for each in CODE.finditer(data):
        around = max(0, each.start() - excerpts.REACH + 1), each.start() + excerpts.REACH
        last = min(around[1], len(data))
        assert any(start <= around[0] and last <= end for start, end in places(parts))
    assert all(before[1] <= behind[0] for before, behind in pairwise(places(parts)))
    assert excerpts.has_marks(marks, after) or not CODE.search(data, after)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_parts_put_together_hold_the_same(text: str) -> None:
    """A place of the parts, moved back, is the same byte of the text."""
    data = text.encode()
    parts, _ = read(data)
    assert parts.data == b"\n".join(data[start:end] for start, end in places(parts))


def test_prose_with_one_number_is_searched_around_it() -> None:
    """Of a long text a little is left, and of one without any number nothing."""
    data = b"nothing of this is a number at all, " * 20
    parts, _ = read(data + b"call 12 345 now. " + data)
    assert b"call 12 345 now. " in parts.data
    assert len(parts.data) < 80
    assert read(data)[0] == excerpts.Parts(b"", [], [])
