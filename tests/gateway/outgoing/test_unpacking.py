"""What is packed comes out the same however it arrives, in pieces that do not grow."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from muniment.gateway.outgoing.failing import ClientPayloadError
from muniment.gateway.outgoing.unpacking import MOST_AT_ONCE, unpacking_for


def unpacked(kind: bytes, pieces: list[bytes]) -> bytes:
    """Unpack pieces to their end."""
    unpacking = unpacking_for(kind)
    assert unpacking is not None
    said = b""
    for piece in pieces:
        unpacking.give(piece)
        while out := unpacking.take():
            assert len(out) <= MOST_AT_ONCE
            said += out
    unpacking.require_end()
    return said


@tuned(max_examples=80, deadline=None)
@given(
    st.binary(max_size=500),
    st.sampled_from([b"gzip", b"deflate"]),
    st.lists(st.integers(0, 600), max_size=6),
)
def test_any_cut_gives_the_same(words: bytes, kind: bytes, places: list[int]) -> None:
    """Also byte by byte."""
    packed = gzip.compress(words) if kind == b"gzip" else zlib.compress(words)
    at = sorted({place % (len(packed) + 1) for place in places})
    pieces = [packed[a:b] for a, b in zip([0, *at], [*at, len(packed)], strict=True)]
    assert unpacked(kind, pieces) == words
    assert unpacked(kind, [bytes([each]) for each in packed]) == words


@tuned(max_examples=80, deadline=None)
@given(st.binary(min_size=1, max_size=200))
def test_garbage_is_one_clean_error(packed: bytes) -> None:
    """What is not packed as it says is refused, and nothing else is raised."""
    with pytest.raises(ClientPayloadError):
        unpacked(b"gzip", [packed])


def test_only_what_is_known_is_unpacked() -> None:
    """Whatever else a provider packs with is refused, in whatever letters."""
    assert unpacking_for(None) is None
    assert unpacking_for(b" Identity ") is None
    for kind in (b"br", b"zstd", b"gzip, gzip", b"gzip;q=1"):
        with pytest.raises(ClientPayloadError):
            unpacking_for(kind)
