"""Pages that live: an event is one event whatever is told in it, and a place is a number."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import InvalidError
from muniment.web.events import News, line, read_place


@given(st.dictionaries(st.text(), st.text()), st.integers(min_value=0, max_value=10**15))
def test_nothing_told_can_begin_another_event(told: dict[str, str], place: int) -> None:
    """Line breaks of every sort stay inside the one line of data; what was told comes back."""
    begin, event, data, *end = line(News(place, told)).splitlines()
    assert (begin, event, end) == (f"id: {place}", "event: news", [""])
    assert json.loads(data.removeprefix("data: ")) == told


@given(st.integers(min_value=0, max_value=10**15))
def test_a_place_is_read_as_it_was_written(place: int) -> None:
    """What a browser says it has seen last is where it goes on."""
    assert read_place(str(place)) == place


@pytest.mark.parametrize("text", ["", "-1", "1.5", "x", "\u0661", "9" * 17, "1\n2"])
def test_what_is_no_place_is_refused(text: str) -> None:
    """A page that was tampered with is told so, and nothing is looked for."""
    with pytest.raises(InvalidError, match="no place in the log"):
        read_place(text)
