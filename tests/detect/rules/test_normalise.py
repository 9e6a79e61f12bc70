"""Reading through disguises, with every place mapped back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.detect.rules.normalise import is_quoted, shadow_of, unquoted


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\uff14\uff11\uff11\uff11", "4111"),
        ("a\u200bb\u00adc", "abc"),
        ("p\u0430ypal", "paypal"),
        ("12\u00a034\u201156", "12 34-56"),
        ("\u0664\u0665", "45"),
        ("one\\nAKIA", "one  AKIA"),
        ("\u041f\u0440\u0438\u0432\u0435\u0442", "\u041f\u0440\u0438\u0432\u0435\u0442"),
        ("\U0001d7d8\U0001d7d9", "01"),
    ],
)
def test_disguises_are_read_through(text: str, plain: str) -> None:
    """Wide, invisible, look-alike, foreign and escaped characters become what they mean."""
    assert shadow_of(text).text == plain


@given(st.text(st.sampled_from("ab1\u200b\uff11\u0430\\n \u00a0\u05d0\u4e2d\ud800"), max_size=40))
def test_every_place_maps_back_into_the_text(text: str) -> None:
    """Places grow with places, end where the text ends, and ends lie behind their starts."""
    shadow = shadow_of(text)
    places = [shadow.place(at) for at in range(len(shadow.text))]
    assert places == sorted(set(places))
    assert all(0 <= place < len(text) for place in places)
    ends = [shadow.end(at + 1) for at in range(len(shadow.text))]
    assert all(start < end <= len(text) for start, end in zip(places, ends, strict=True))


@given(st.text(st.sampled_from("a%401Z\\u0&#x;"), max_size=40))
def test_escapes_are_read_through_one_level(text: str) -> None:
    """What comes out is shorter, its places map back, and a text without escapes has none."""
    shadow = unquoted(text)
    assert (shadow is not None) == is_quoted(text)
    if shadow is not None:
        assert len(shadow.text) < len(text)
        assert shadow.end(len(shadow.text)) == len(text)
        assert shadow.place(0) == 0


def test_an_escaped_address_is_seen_whole() -> None:
    """The place of an escaped character is all of its escape."""
    text = "to user%40example.com now"
    shadow = unquoted(text)
    assert shadow is not None
    start = shadow.text.index("user")
    end = shadow.text.index(" now")
    assert text[shadow.place(start) : shadow.end(end)] == "user%40example.com"
