"""JSON is walked by value, stays valid, and loses no digit of its numbers."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import InvalidError
from muniment.detect.rules.json_text import MOST_LEVELS, Walker, parse, restored, write

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def shout(text: str, _key: str) -> str:
    """Change every text a little."""
    return text + '"!\n'


@given(VALUES)
def test_what_is_written_back_is_the_same_value(value: object) -> None:
    """Reading and writing changes nothing, not even a long number or half a surrogate."""
    text = json.dumps(value)
    assert json.loads(write(parse(text))) == value


@given(VALUES)
def test_whatever_the_texts_become_the_json_stays_valid(value: object) -> None:
    """Quotes and line ends in a changed text are spelled as JSON wants them."""
    walked = Walker(shout, list[str]().append).walk(parse(json.dumps(value)))
    json.loads(write(walked))


def test_numbers_keep_their_spelling() -> None:
    """1.10, 1e400 and numbers of forty digits stay as they were written."""
    text = '{"a": 1.10, "b": 1e400, "c": 1234567890123456789012345678901234567890}'
    assert write(parse(text)) == text


def test_a_number_that_is_a_card_is_changed_and_comes_back_as_a_number() -> None:
    """A card number in JSON is no safer for lacking quotes."""
    marked: list[str] = []
    walker = Walker(lambda text, _: "[CARD_1]" if text.startswith("4111") else text, marked.append)
    walked = walker.walk(parse('{"card": 4111111111111111, "n": 12}'))
    assert write(walked) == '{"card": "[CARD_1]", "n": 12}'
    assert marked == ["[CARD_1]"]


def test_keys_that_hold_data_are_changed_and_none_is_lost() -> None:
    """Two keys that become one stay two."""
    walked = Walker(lambda _text, _key: "x", list[str]().append).walk(
        {"a@x.org": "1", "b@x.org": "2"}
    )
    assert walked == {"x": "x", "x 2": "x"}


def test_values_know_the_key_they_stand_under() -> None:
    """A number beside the key `ssn` is judged with it."""
    told = Walker(lambda text, key: f"{key}:{text}", list[str]().append).walk({"ssn": ["078"]})
    assert told == {":ssn": ["ssn:078"]}


@pytest.mark.parametrize("text", ["{", "NaN", "[Infinity]", "[" * 100_000, "'a'", ""])
def test_what_is_no_json_is_refused(text: str) -> None:
    """It is told so, and nobody is shown a traceback."""
    with pytest.raises(InvalidError):
        parse(text)


def test_what_is_nested_too_deep_does_not_go_on() -> None:
    """What cannot be inspected is refused, on the way in and on the way back."""
    deep = "[" * (MOST_LEVELS + 5) + "]" * (MOST_LEVELS + 5)
    with pytest.raises(InvalidError):
        Walker(shout, list[str]().append).walk(parse(deep))
    with pytest.raises(InvalidError):
        restored(parse(deep), str)
    with pytest.raises(InvalidError):
        Walker(shout, list[str]().append).walk({"a": object()})
