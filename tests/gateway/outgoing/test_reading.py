"""Answers are read the same however they are cut, and what is none is one clean error."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from muniment.gateway.outgoing.failing import (
    ClientPayloadError,
    ClientResponseError,
    ServerDisconnectedError,
)
from muniment.gateway.outgoing.reading import MOST_HEAD_BYTES, MOST_HEADERS, Reading, _heads

Seen = tuple[int, Mapping[bytes, bytes], bytes, bool, str, bool]


def read(pieces: list[bytes], *, ends: bool) -> Seen:
    """Feed one answer in these pieces, and say all there is to know of it."""
    reading = Reading()
    incoming = reading.begin()
    body = b""
    for piece in pieces:
        reading.feed(piece)
        body += incoming.take()
    if ends:
        reading.end()
    body += incoming.take()
    problem = type(incoming.problem).__name__ if incoming.problem else ""
    reusable = reading.is_reusable and incoming.is_ended
    reading.close()
    return incoming.status, incoming.headers, body, incoming.is_ended, problem, reusable


def cut(raw: bytes, places: list[int]) -> list[bytes]:
    """Cut bytes at these places."""
    at = sorted({place % (len(raw) + 1) for place in places})
    return [raw[begin:end] for begin, end in zip([0, *at], [*at, len(raw)], strict=True)]


@st.composite
def answers(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Make an answer in one of the forms HTTP has, and say what its body is."""
    body = draw(st.binary(max_size=200))
    interim = b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" * draw(st.integers(0, 3))
    version = draw(st.sampled_from([b"1.1", b"1.1", b"1.0"]))
    status = draw(st.sampled_from([b"200 OK", b"200", b"429 Too Many", b"503 \xc3\xa9", b"302 F"]))
    names = st.sampled_from([b"x-a", b"Content-Type", b"server", b"X-Request-Id", b"connection"])
    values = st.sampled_from([b"", b"text/event-stream", b"close", b"keep-alive", b"\xe9", b"a, b"])
    lines = [b"%b: %b" % pair for pair in draw(st.lists(st.tuples(names, values), max_size=6))]
    form = draw(st.sampled_from(["length", "chunked", "close", "bare"]))
    if form == "bare":
        status, body, framed = draw(st.sampled_from([b"204 No", b"304 N"])), b"", b""
    elif form == "length":
        lines.append(b"Content-Length: %d" % len(body))
        framed = body
    elif form == "chunked":
        lines.append(b"transfer-encoding: Chunked")
        pieces = cut(body, draw(st.lists(st.integers(0, 200), max_size=5)))
        framed = b"".join(b"%X;x=1\r\n%b\r\n" % (len(each), each) for each in pieces if each)
        framed += b"0\r\n" + draw(st.sampled_from([b"", b"x-trailer: 1\r\n"])) + b"\r\n"
    else:
        framed = body
    order = draw(st.permutations(lines))
    head = b"\r\n".join([b"HTTP/%b %b" % (version, status), *order, b"", b""])
    return interim + head + framed, body


@tuned(max_examples=300, deadline=None)
@given(answers(), answers(), st.binary(max_size=9))
def test_a_head_that_came_before_means_what_it_meant(
    answer: tuple[bytes, bytes], other: tuple[bytes, bytes], more: bytes
) -> None:
    """Alone or with bytes nobody asked for, an answer is what the parser makes of it."""
    _heads.clear()
    raw, body = answer
    longer = raw.replace(b"Content-Length: %d\r" % len(body), b"Content-Length: %d\r" % len(raw))
    for each in (raw, raw + more, longer + b"x", longer[: -len(body) or None] + raw, other[0]):
        read([raw], ends=False)
        found = read([each], ends=True)
        _heads.clear()
        assert found == read([each], ends=True)


def test_a_head_is_known_by_all_but_its_length() -> None:
    """The same head with another body is not parsed, and each has the body it came with."""
    _heads.clear()
    head = b"HTTP/1.1 200 OK\r\ncontent-type: a\r\ncontent-length: %d\r\n\r\n%b"
    for body in (b"one", b"of two", b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx"):
        status, headers, came, is_ended, _, reusable = read([head % (len(body), body)], ends=False)
        assert (status, headers, came) == (200, {b"content-type": b"a"}, body)
        assert is_ended
        assert reusable
        assert len(_heads) == 1
    for other in (b"HTTP/1.1 304 N", b"HTTP/1.0 200 OK", b"HTTP/1.1 200 OK\r\nconnection: close"):
        read([(head % (1, b"x")).replace(b"HTTP/1.1 200 OK", other)], ends=True)
    read([(head % (1, b"x")).replace(b"a\r\n", b"a\n")], ends=True)
    assert len(_heads) == 1, "a connection or a length that means something else was learned"


@tuned(max_examples=400, deadline=None)
@given(answers(), st.lists(st.integers(0, 1_000), max_size=20), st.booleans())
def test_any_cut_reads_the_same(
    answer: tuple[bytes, bytes],
    places: list[int],
    after: bool,  # noqa: FBT001 drawn
) -> None:
    """Status, headers, body, end and whether the connection is kept do not depend on the cuts."""
    raw, body = answer
    raw += b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nextra" if after else b""
    once = read([raw], ends=True)
    assert read(cut(raw, places), ends=True) == once
    assert read([bytes([each]) for each in raw], ends=True) == once
    status, _, said, is_ended, problem, _ = once
    assert (bool(status), is_ended, problem) == (True, True, "")
    assert said == body or after


@tuned(max_examples=400, deadline=None)
@given(
    answers(),
    st.lists(st.integers(0, 1_000), max_size=8),
    st.lists(st.tuples(st.integers(0, 1_000), st.binary(max_size=4)), max_size=4),
    st.integers(0, 1_000),
)
def test_what_is_broken_breaks_the_same(
    answer: tuple[bytes, bytes],
    places: list[int],
    wrong: list[tuple[int, bytes]],
    ends: int,
) -> None:
    """Bytes put into an answer, or left out of it, give the same end at every cut: one error."""
    raw = answer[0]
    for place, bad in wrong:
        at = place % (len(raw) + 1)
        raw = raw[:at] + bad + raw[at + len(bad) // 2 :]
    raw = raw[: max(0, len(raw) - ends % 60)]
    once = read([raw], ends=True)
    assert read(cut(raw, places), ends=True) == once
    assert read([bytes([each]) for each in raw], ends=True) == once
    assert once[3] != bool(once[4]), "ended, or one error"


@tuned(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=5))
def test_garbage_is_one_clean_error(raw: bytes, places: list[int]) -> None:
    """Nothing that came is taken for an answer, and nothing else is raised."""
    seen = read(cut(raw, places), ends=True)
    assert seen[3:5] in ((False, "ClientResponseError"), (False, "ServerDisconnectedError"))


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 101 Switching\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\n\r\n",
        b"HTTP/1.1 100 C\r\n\r\n" * 9,
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * MOST_HEAD_BYTES + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 2 * MOST_HEAD_BYTES,
        b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * (MOST_HEADERS + 1) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx y: 1\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
)
def test_what_no_provider_says_is_refused(head: bytes) -> None:
    """Other protocols, two lengths, strange framing and heads without end are no answers."""
    seen = read([head], ends=False)
    assert (seen[0], seen[4]) == (0, ClientResponseError.__name__)


def test_a_body_that_breaks_off_is_told_from_one_that_ended() -> None:
    """An end before the length, the last chunk or any answer is an error; else it is the end."""
    length = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"
    chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    for raw in (length + b"1234", chunked + b"3\r\nabc\r\n", chunked + b"3\r\nabc\r\n0\r\n"):
        assert read([raw], ends=True)[3:5] == (False, ClientPayloadError.__name__)
        assert read([raw], ends=False)[3:5] == (False, "")
    assert read([b"HTTP/1.1 200 OK\r\n\r\nabc"], ends=True)[2:5] == (b"abc", True, "")
    assert read([b"HTTP/1.1 200 OK\r\n\r\nabc"], ends=False)[3] is False
    for raw in (b"", b"HTTP/1.1 2"):
        assert read([raw], ends=True)[3:5] == (False, ServerDisconnectedError.__name__)


def test_two_slips_of_providers_are_borne() -> None:
    """Lines that end without a carriage return, and spaces behind the size of a chunk."""
    raw = b"HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n3 \r\nabc\r\n0\r\n\r\n"
    for pieces in ([raw], [bytes([each]) for each in raw]):
        assert read(pieces, ends=False) == (200, {}, b"abc", True, "", True)


def test_overhead_without_words_has_an_end() -> None:
    """Trailers, or extensions of chunks, cannot go on for ever."""
    chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
    trailers = [b"x-%d: %b\r\n" % (turn, b"y" * 1_000) for turn in range(90)]
    assert read([chunked, *trailers], ends=False)[4] == ClientPayloadError.__name__
    endless = [chunked[:-3], b"1;", *([b"z" * 1_000] * 90)]
    assert read(endless, ends=False)[4] == ClientPayloadError.__name__


def test_answers_follow_each_other() -> None:
    """One connection is read for many requests; bytes that nobody asked for end that."""
    reading, raw = Reading(), b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nretry-after: 1\r\n\r\n{}"
    for _ in range(3):
        incoming = reading.begin()
        reading.feed(raw)
        assert (incoming.take(), incoming.is_ended, reading.is_reusable) == (b"{}", True, True)
        assert incoming.headers == {b"retry-after": b"1"}
    reading.feed(b"H")
    assert not reading.is_reusable
    assert incoming.problem is None
