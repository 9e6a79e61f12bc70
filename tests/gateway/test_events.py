"""Events are read from bytes that are cut anyhow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import UnavailableError
from muniment.gateway.dialects.base import Event
from muniment.gateway.events import Events, only_event

LINES = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=12)
SAID = st.lists(st.tuples(st.sampled_from(["", "delta", "end"]), st.lists(LINES, min_size=1)))
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def read(raw: bytes, cuts: Sequence[int] = (), most: int = 10_000) -> list[tuple[str, str]]:
    """Read bytes that arrive cut at these places."""
    events = Events(most)
    places = [0, *sorted(min(each, len(raw)) for each in cuts), len(raw)]
    pieces = [raw[start:end] for start, end in pairwise(places)]
    return [(each.name, each.data) for piece in pieces for each in events.feed(piece)]


@given(SAID, ENDS, st.lists(st.integers(0, 400), max_size=8))
def test_however_bytes_are_cut_the_events_are_the_same(
    said: list[tuple[str, list[str]]], end: str, cuts: list[int]
) -> None:
    """Cuts within a line, a letter or an end of line change nothing, whatever ends lines."""
    text = ""
    for name, lines in said:
        text += f"event: {name}{end}" if name else ""
        text += "".join(f"data: {line}{end}" for line in lines) + end
    expected = [(name, "\n".join(lines)) for name, lines in said]
    assert read(text.encode(), cuts) == expected
    assert read(text.encode(), range(len(text.encode()))) == expected


@given(
    st.lists(
        st.sampled_from(
            [
                b"data:",
                b"data: ",
                b"event: a",
                b"event:",
                b"\n",
                b"\n\n",
                b"\r",
                b"x",
                b"\xff",
                b":",
            ]
        )
    )
)
def test_one_event_by_itself_is_read_as_any_other(parts: list[bytes]) -> None:
    """Where bytes are taken for one event and no more, they are that."""
    raw = b"".join(parts)
    event = only_event(raw)
    if event is not None:
        assert read(raw) == [(event.name, event.data)]
    assert only_event(b"event: a\ndata: {}\n\n") == Event("a", "{}")


def test_what_is_no_data_is_no_event() -> None:
    """Comments, ids, retries and empty lines say nothing; what is not ended is not said yet."""
    raw = b": ping\n\nid: 7\nretry: 10\n\n\nevent: only a name\n\ndata: a\n\ndata: unfinished"
    assert read(raw) == [("", "a")]


def test_one_space_after_the_colon_is_no_data() -> None:
    """The form leaves out one space and no more."""
    assert read(b"data:x\n\ndata:  y\n\ndata\n\n") == [("", "x"), ("", " y"), ("", "")]


def test_bytes_that_are_no_text_do_not_end_a_stream() -> None:
    """What is not UTF-8 becomes the mark for it, as the form says."""
    assert read(b"data: a\xffb\n\n") == [("", "a\ufffdb")]


@pytest.mark.parametrize("raw", [b"data: " + b"x" * 99, b"data: xxxxxxxxx\n" * 9])
def test_an_event_without_end_is_given_up(raw: bytes) -> None:
    """Neither one line nor many of one event may fill the memory."""
    with pytest.raises(UnavailableError):
        read(raw, most=50)


def test_many_small_events_in_one_piece_are_no_large_one() -> None:
    """Only a single event is bounded, however many arrive at once."""
    assert len(read(b"data: xxxx\n\n" * 50, most=50)) == 50
