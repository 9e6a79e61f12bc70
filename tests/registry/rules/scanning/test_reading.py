"""Tests of reading in bounds."""

from __future__ import annotations

import pytest

from muniment.registry.models.artefacts import Severity
from muniment.registry.rules.scanning.reading import (
    MAX_PIECE,
    MAX_TOLD,
    Bytes,
    Cursor,
    Part,
    Search,
    UnreadableError,
    counted,
    pieces,
    shown,
)


def test_a_part_never_reads_beyond_itself() -> None:
    """An entry of an archive cannot see its neighbour."""
    part = Part(Bytes(b"0123456789"), 2, 3)
    assert part.read(0, 100) == b"234"
    assert part.read(3, 5) == b""
    assert b"".join(pieces(part)) == b"234"


def test_a_cursor_reads_on_and_refuses_too_much() -> None:
    """Lines and lengths are given in order; a huge length is refused."""
    cursor = Cursor(Bytes(b"one\ntwo\nthree"))
    assert cursor.readline() == b"one\n"
    assert cursor.exactly(3) == b"two"
    assert (cursor.readline(), cursor.readline(), cursor.tell()) == (b"\n", b"three", 13)
    with pytest.raises(UnreadableError):
        cursor.exactly(1)
    with pytest.raises(UnreadableError):
        cursor.read(MAX_PIECE + 1)
    with pytest.raises(UnreadableError):
        cursor.skip(1)
    with pytest.raises(UnreadableError):
        Cursor(Bytes(b"x" * (1 << 20))).readline()


def test_a_search_tells_so_much_and_says_where_it_stopped() -> None:
    """A file with thousands of dangers does not make a record of thousands."""
    search = Search()
    for number in range(MAX_TOLD + 5):
        search.danger("a.b", Severity.HIGH, "f", str(number), "why")
    assert len(search.dangers) == MAX_TOLD
    assert len(search.unread) == 1
    assert not search.room(MAX_PIECE + 1)


def test_a_vast_number_is_written_as_text() -> None:
    """JSON's readers would round it."""
    assert (counted(7), counted(1 << 60)) == (7, str(1 << 60))


def test_what_is_shown_is_short_and_printable() -> None:
    """A name in a file cannot steer a terminal."""
    assert shown("a\x1b[31m\u202e") == "a\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}"
    assert len(shown("x" * 1000)) == 200
