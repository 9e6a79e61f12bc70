"""A form of event that was learned reads and writes as one that is read in full."""

from __future__ import annotations

import pytest

from muniment.gateway.dialects import BY_SURFACE, Piece, Reader
from muniment.gateway.events import Events
from muniment.gateway.repeating import learned
from tests.gateway.test_arriving import FORMS, MOST, chat, in_full, told_of, written


def first_of(surface: str, event: bytes) -> tuple[Piece, Reader]:
    """Read an event in full."""
    reader = BY_SURFACE[surface].reader()
    (piece,) = (each for one in Events(MOST).feed(event) for each in reader.take(one))
    return piece, reader


@pytest.mark.parametrize("surface", ["chat", "messages", "completions"])
def test_words_of_a_learned_form_are_written_as_in_full(surface: str) -> None:
    """Each word goes on in the very bytes in which an event that was read in full writes it."""
    texts = ["It", ' is "so"', "\n\\", "é\u2028", ""]
    form = FORMS[surface]
    events = written([form(text, "pad" + "d" * len(text)) for text in texts], plain=True)
    same = learned(events[0], *first_of(surface, events[0]))
    assert same is not None
    wanted, _ = in_full(surface, b"".join(events))
    said, upto = same.take(b"".join(events), 0)
    assert (said, upto) == (texts, len(b"".join(events)))
    assert [told_of(same.piece(each)) for each in said] == wanted


def test_events_that_are_numbered_have_no_form() -> None:
    """What is written for them hangs on what was written before."""
    (event,) = written([FORMS["responses"]("It", "pad")], plain=True)
    assert learned(event, *first_of("responses", event)) is None


def test_words_are_found_where_other_fields_say_the_same() -> None:
    """A name, an id or a model may read as the words do; only the words change."""
    events = written([chat("m", "") | {"content": "m"}, chat("n", "")], plain=True)
    odd = chat("m", "") | {"id": "m", "system_fingerprint": "m"}
    first, second = written([odd, odd | {"choices": chat("n", "")["choices"]}], plain=True)
    same = learned(first, *first_of("chat", first))
    assert same is not None
    assert same.take(first + second, 0) == (["m", "n"], len(first + second))
    assert same.take(events[1], 0) == ([], 0)
