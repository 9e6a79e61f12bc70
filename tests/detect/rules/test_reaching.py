"""How far a match may go on is told by the letters it may hold; a doubt reaches farther."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.detect.rules.reaching import hangs_on_itself, stretch
from muniment.detect.service import catalogue

_TEXT = "ab12-C +x;\u00e9\n9 z"


@pytest.mark.parametrize(
    ("regex", "held"),
    [
        (r"[a-c]+", "ab"),
        (r"[a-c]{2}\d{1,2}(?:-|_)", "ab12-C"),
        (r"\w+(?=-)", "ab12"),
        (r"[^\s]+", "ab12-C"),
        (r"[^+]+", "ab12-C "),
        (r"\S+| ", "ab12-C +x;\u00e9"),
        (r"[a-z0-9+\- ]*?", "ab12-C +x"),
        (r"[!-\u00ff]+", "ab12-C"),
        (r"\W+|[A-z]\d", _TEXT),
        (r".+", _TEXT),
        (r"(a)\1", _TEXT),
        (r"(", _TEXT),
    ],
)
def test_it_ends_where_a_letter_stands_that_no_match_holds(regex: str, held: str) -> None:
    """Capital and small letters are alike; what is not understood holds everything."""
    found = stretch((regex,), 100).match(_TEXT)
    assert found is not None
    assert found[0] == held


def test_it_goes_no_farther_than_asked_and_holds_what_any_of_several_does() -> None:
    """Several forms that share a beginning are held together."""
    assert stretch((r"a+",), 2).match("aaaa")[0] == "aa"  # type: ignore[index]  # it matches
    assert stretch((r"a+", r"b"), 9).match("abc")[0] == "ab"  # type: ignore[index]


_FORMS = sorted({each.regex for each in catalogue.patterns() if each.trigger})


@given(st.data())
def test_every_match_of_every_form_is_held(data: st.DataObject) -> None:
    """Whatever a form of the product matches lies within what is said of it."""
    regex = data.draw(st.sampled_from(_FORMS))
    value = data.draw(st.from_regex(re.compile(regex, re.ASCII), fullmatch=True))
    found = stretch((regex,), len(value)).match(value)
    assert found is not None
    assert found.end() == len(value)


@pytest.mark.parametrize(
    ("regex", "alone"),
    [
        (r"\ba(?:b|[^c])+d{2,}?\B", True),
        (r"a(?!b)", False),
        (r"(?:x|(?<=a)b)", False),
        (r"(?:a$)?b", False),
        (r"(a)\1", False),
        (r"(", False),
    ],
)
def test_a_form_that_looks_around_hangs_on_more_than_itself(regex: str, *, alone: bool) -> None:
    """Its match in a part of a text says nothing of the whole, so it stays doubted."""
    assert hangs_on_itself(regex) is alone
