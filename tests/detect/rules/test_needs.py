"""What a text must hold before a shape can match it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.detect.rules.needs import LONG, RUN_CLASS, Needs, needs_of
from muniment.detect.service.catalogue import patterns

SHAPES = sorted({(each.trigger or each.regex, each.ignore_case) for each in patterns()})
RUN = re.compile(rf"[{RUN_CLASS}]{{{LONG}}}")


@pytest.mark.parametrize(
    ("regex", "digits"),
    [
        (r"\b\d{3}-?\d{2}\b", 5),
        (r"abc", 0),
        (r"(?:1|22)[0-9]", 2),
        (r"(?:\d\d|x)", 0),
        (r"[0-9a-f]{12}", 0),
        (r"(\d{2,4})?7", 1),
        (r"(?:\d[ .]?){11}", 11),
        (r"[^0-9]\d*", 0),
        ("(", 0),
    ],
)
def test_the_least_digits_are_counted(regex: str, digits: int) -> None:
    """Every way to match is looked at, and what is not understood needs nothing."""
    assert needs_of(regex).digits == digits


def test_a_long_run_is_seen_where_each_match_has_one() -> None:
    """A run counts if all its characters belong to runs, and if it cannot be left out."""
    assert needs_of(r"\bkey_[A-Za-z0-9]{20}").long_run
    assert needs_of(r"[0-9a-f]{32}") == Needs(0, long_run=True)
    for regex in (r"[A-Za-z.]{20}", r"[a-z]{19}", r"(?:[a-z]{20})?x", r"[a-z]{0,40}"):
        assert not needs_of(regex).long_run


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_every_match_of_every_shape_holds_what_it_needs(data: st.DataObject) -> None:
    """Texts made from the shapes of all detectors hold what was said."""
    regex, ignore_case = data.draw(st.sampled_from(SHAPES))
    flags = re.ASCII | (re.IGNORECASE if ignore_case else 0)
    text = data.draw(st.from_regex(re.compile(regex, flags)))
    needs = needs_of(regex)
    assert sum(letter in "0123456789" for letter in text) >= needs.digits
    if needs.long_run:
        assert RUN.search(text)
