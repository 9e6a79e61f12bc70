"""Words near a value: whole, nearest first, in every language of the lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.detect.models import Words
from muniment.detect.rules import context

LICENCE = context.Phrases.of(Words(en="lic|driver license", de="fuhrerschein"))


def away(text: str, value: str, phrases: context.Phrases = LICENCE) -> tuple[int, str]:
    """Give how near a phrase stands to a value in a text."""
    start = text.index(value)
    return context.distance(context.near(text, start, start + len(value)), phrases)


def test_a_part_of_a_word_is_no_word() -> None:
    """*lic* inside *public* does not speak for a driver's licence."""
    assert away("the public key D1234567", "D1234567")[0] == context.FAR
    assert away("his lic D1234567", "D1234567") == (0, "lic")


@pytest.mark.parametrize(
    "text",
    ["driver license: D1234567", "driverLicense=D1234567", "DRIVER_LICENSE D1234567",
     "Führerschein D1234567", "D1234567 is her driver license", "driver licenses D1234567"],
)  # fmt: skip
def test_labels_are_read_however_they_are_written(text: str) -> None:
    """Camel case, underscores, accents, plurals and words behind the value count."""
    assert away(text, "D1234567")[0] < context.FAR


def test_the_nearest_word_is_nearest() -> None:
    """A label next to a value is nearer than one before it, and one behind farther."""
    words = context.Phrases.of(Words(en="ssn"))
    near, _ = away("ssn 123", "123", words)
    far, _ = away("ssn or something very much like it 123", "123", words)
    behind, _ = away("123 ssn", "123", words)
    assert near < behind < far


def test_a_label_binds_its_own_line() -> None:
    """The label of the line above does not speak for a value that has its own."""
    text = "driver license: X1\nwidget: D1234567"
    assert away(text, "D1234567")[0] == context.FAR
    assert away("driver license:\nD1234567", "D1234567")[0] < context.FAR


def test_a_word_such_as_order_speaks_against() -> None:
    """A doubtful word counts only if it stands nearer than the value's own word."""
    text = "license order 123"
    nearby = context.near(text, 14, 17)
    assert context.doubted(nearby, own=5)
    assert not context.doubted(nearby, own=0)


@given(st.text(max_size=300), st.data())
def test_any_text_has_surroundings(text: str, data: st.DataObject) -> None:
    """Whatever stands around a value, reading it never fails and stays in its bounds."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    nearby = context.near(text, start, end)
    assert len(nearby.before) <= 12
    assert len(nearby.behind) <= 4
    assert nearby.all <= context.all_words(text) | nearby.all


@pytest.mark.parametrize("text", ["Rückruf unter ", "Rueckruf unter ", "RÜCKRUF: "])
def test_umlauts_are_read_as_they_are_written(text: str) -> None:
    """A word of a list is found with its umlaut, and where it is spelled out."""
    phrases = context.Phrases.of(Words(de="rueckruf|gebühr"))
    found = context.near(text + "x", len(text), len(text) + 1)
    assert context.distance(found, phrases)[1]
    assert "gebuhr" in phrases.whole
