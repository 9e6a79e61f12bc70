"""A head that came before is known by its bytes, and means what a parser said it means."""

from __future__ import annotations

from typing import Any

import httptools
import pytest
from hypothesis import given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from muniment.gateway.heads import MOST_BYTES, cut, is_plain

BEGINS = b"POST /v1/messages HTTP/1.1\r\n"


class _Parsed:
    """Notes what a parser says of a request."""

    def __init__(self, data: bytes) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.body, self.ended = b"", 0
        parser: Any = httptools.HttpRequestParser(self)
        try:
            parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.ended = -1

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.ended += 1

    @property
    def lengths(self) -> list[bytes]:
        return [value for name, value in self.headers if name == b"content-length"]

    @property
    def others(self) -> list[tuple[bytes, bytes]]:
        return [pair for pair in self.headers if pair[0] != b"content-length"]


NAMES = st.sampled_from([b"host", b"x-a", b"Content-Length", b"content-length", b"x", b" y", b""])
VALUES = st.sampled_from([b"1", b"a b", b"\r\ncontent-length: 3", b"\n", b"\r", b"", b"\xe9", b":"])
ENDS = st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r\n ", b"\r\n\r\n"])


@tuned(max_examples=600, deadline=None)
@given(
    st.lists(st.tuples(NAMES, VALUES, ENDS), max_size=4),
    st.lists(st.tuples(NAMES, VALUES, ENDS), max_size=3),
    st.sampled_from([b"content-length", b"Content-Length"]),
    st.binary(max_size=30),
    st.binary(max_size=30),
)
def test_what_has_a_known_head_is_what_a_parser_reads(
    before: list[tuple[bytes, bytes, bytes]],
    after: list[tuple[bytes, bytes, bytes]],
    name: bytes,
    one: bytes,
    other: bytes,
) -> None:
    """Of two requests whose heads are cut alike, one learned, the other is parsed as it says."""

    def written(body: bytes) -> bytes:
        lines = [b"%b: %b%b" % each for each in before]
        lines.append(b"%b: %d\r\n" % (name, len(body)))
        lines += [b"%b: %b%b" % each for each in after]
        return BEGINS + b"".join(lines) + b"\r\n" + body

    first, second = cut(written(one)), cut(written(other))
    learned = _Parsed(written(one))
    if first is None or len(learned.lengths) != 1 or learned.ended != 1:
        return
    if not is_plain(first, b"POST ", int(learned.lengths[0])):
        return
    assert second is not None
    assert second[0] == first[0], "it would not be known"
    raw = written(other)
    rest, length, end = second
    assert rest
    if len(raw) != end + length:
        return
    read = _Parsed(raw)
    assert (read.ended, read.body, read.others) == (1, raw[end:], learned.others)
    assert read.lengths == [b"%d" % length]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        BEGINS + b"host: a\r\n\r\n",
        BEGINS + b"content-length: \r\n\r\n",
        BEGINS + b"content-length: +1\r\n\r\n",
        BEGINS + b"content-length: 1 \r\n\r\n",
        BEGINS + b"content-length: 1_0\r\n\r\n",
        BEGINS + b"content-length: 1234567890123\r\n\r\n",
        BEGINS + b"content-length: 1\r\nhost: a\r\n",
        BEGINS + b"x: " + b"y" * MOST_BYTES + b"\r\ncontent-length: 1\r\n\r\n",
        BEGINS + b"content-length: 1\r\nx: " + b"y" * MOST_BYTES + b"\r\n\r\n",
    ],
)
def test_what_is_no_whole_head_is_not_cut(data: bytes) -> None:
    """Without a plain number, without an end, or too long, it is for a parser."""
    assert cut(data) is None


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n" + BEGINS + b"content-length: 1\r\n\r\n",
        BEGINS + b"host: a\n\ncontent: \r\ncontent-length: 1\r\n\r\n",
        BEGINS + b"host: a\r\n\r\nx\r\ncontent-length: 1\r\n\r\n",
        BEGINS + b"content-length: 1\r\nhost: a\rb\r\n\r\n",
    ],
)
def test_what_another_could_read_otherwise_is_not_learned(data: bytes) -> None:
    """Bytes before it, two heads, and lines that end in another way are read each time."""
    head = cut(data)
    assert head is not None
    assert not is_plain(head, b"POST ", 1)
    plain = cut(BEGINS + b"content-length: 1\r\n\r\n")
    assert plain is not None
    assert is_plain(plain, b"POST ", 1)
    assert not is_plain(plain, b"POST ", 2), "a parser found another length"
