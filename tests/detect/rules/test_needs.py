"""What a text must hold before a shape can match it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.detect.models import Family
from muniment.detect.rules.needs import (
    LONG,
    RUN_CLASS,
    Needs,
    beginnings_of,
    needs_of,
    width_of,
)
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


def test_a_pair_is_seen_where_each_match_has_one() -> None:
    """Two capitals or digits count if they cannot be left out and nothing stands between."""
    for regex in (r"\b[A-Z]{2}x", r"[A-Z0-9]\b\d", r"(?:AB|[A-Z]{2,3}|\d[A-Z])-", r"(?:AB|12)"):
        assert needs_of(regex).pair
    for regex in (r"(?:AB)?-[A-Z]", r"[A-Z] ?[A-Z]", r"(?:AB|x)", r"[A-Za-z]{2}", r"[A-Z]{0,9}"):
        assert not needs_of(regex).pair


def test_letters_and_widths_are_counted() -> None:
    """The longest word that stands in every match is known, and how wide a match may grow."""
    assert needs_of(r"\b(?:AKIA|ASIA)[A-Z0-9]{4}").letters >= 2
    assert needs_of(r"[A-Z]{2}-[0-9]").letters == 1
    assert width_of(r"\d{2,4}x?") == 5
    assert width_of("(") is None


@pytest.mark.parametrize(
    ("regex", "begins"),
    [
        (r"\b(?:tell\s{1,6}me|show) it", {"tell", "show it"}),
        (r"(?:please )?(?:do|don't) x", {"please do x", "please don't x", "do x", "don't x"}),
        (r"[ab]c", {"a", "b"}),
        (r"(?:x|y)?", None),
        (r"\w+ x", None),
        (r"(?!a)b", None),
        ("(", None),
    ],
)
def test_how_a_match_begins_is_told(regex: str, begins: set[str] | None) -> None:
    """Every way to begin is given, or none where one is not told letter by letter."""
    found = beginnings_of(regex)
    assert found == begins if begins is None else found is not None
    for each in found or ():
        assert begins is not None
        assert any(way.startswith(each) for way in begins)
    assert all(any(way.startswith(each) for each in found or ()) for way in begins or ())


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
    if needs.pair and not ignore_case:
        assert re.search("[A-Z0-9]{2}", text)


PHRASES = sorted({each.regex for each in patterns() if each.family is Family.SAFETY and each.reach})


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_every_phrase_begins_as_was_told(data: st.DataObject) -> None:
    """Phrases made from the rules of all signals begin in one of the ways that are tried."""
    regex = data.draw(st.sampled_from(PHRASES))
    form = re.compile(regex, re.ASCII | re.IGNORECASE)
    text = data.draw(st.from_regex(form, fullmatch=True))
    begins = beginnings_of(regex)
    assert begins is None or text.lower().startswith(tuple(each.lower() for each in begins))
