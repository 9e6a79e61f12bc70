"""How content is encrypted: as others published it, and with nothing changed, moved or cut off."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import CorruptError, InvalidError
from muniment.vault import Held
from muniment.vault.rules.pages import seal_page
from muniment.vault.rules.streams import (
    OURS,
    Sealing,
    Shape,
    context_of,
    decrypt_segments,
    encrypt_segments,
    encrypt_whole,
    unseal_stream,
)

VECTORS = json.loads((Path(__file__).parents[2] / "data/vault/streams.json").read_bytes())
KEY = bytes(range(32))
SMALL = Shape(segment_bytes=64)
SALT, PREFIX = bytes(32), bytes(7)


def cut(data: bytes, size: int) -> Iterator[bytes]:
    """Give data in pieces of a size."""
    yield from (data[at : at + size] for at in range(0, len(data), size))


def encrypted(plain: bytes, piece: int = 10, context: bytes = b"here") -> bytes:
    """Encrypt with small segments, so that there are many."""
    pieces = encrypt_segments(
        KEY, cut(plain, piece), context=context, salt=SALT, prefix=PREFIX, shape=SMALL
    )
    return b"".join(pieces)


def decrypted(data: bytes, piece: int = 10, context: bytes = b"here") -> bytes:
    """Decrypt what `encrypted` made."""
    return b"".join(decrypt_segments(KEY, cut(data, piece), context=context, shape=SMALL))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: each["comment"])
@pytest.mark.parametrize("piece", [1, 7, 64, 1_000])
def test_tinks_own_vectors(vector: dict[str, Any], piece: int) -> None:
    """Streams that Tink publishes decrypt here, and ours are theirs byte for byte."""
    kind = {"SHA1": hashes.SHA1, "SHA256": hashes.SHA256}[vector["hash"]]
    shape = Shape(vector["key_bytes"], kind(), vector["segment_bytes"])
    key, context, plain, cipher = (
        bytes.fromhex(vector[name]) for name in ("key", "context", "plaintext", "ciphertext")
    )
    salt, prefix = cipher[1 : 1 + shape.key_bytes], cipher[1 + shape.key_bytes : shape.header_bytes]
    made = encrypt_segments(
        key, cut(plain, piece), context=context, salt=salt, prefix=prefix, shape=shape
    )
    assert b"".join(made) == cipher
    back = decrypt_segments(key, cut(cipher, piece), context=context, shape=shape)
    assert b"".join(back) == plain


@given(st.binary(max_size=400), st.integers(1, 90), st.integers(1, 90))
def test_any_content_in_any_pieces(plain: bytes, into: int, out_of: int) -> None:
    """How a stream is cut on its way in or out changes nothing."""
    data = encrypted(plain, into)
    assert data == encrypted(plain, 1_000)
    assert decrypted(data, out_of) == plain


@given(st.binary(min_size=0, max_size=300), st.data())
def test_any_change_is_found(plain: bytes, drawn: st.DataObject) -> None:
    """One changed byte, wherever it is, is an error, and nothing of its segment comes out."""
    data = bytearray(encrypted(plain))
    place = drawn.draw(st.integers(0, len(data) - 1))
    data[place] ^= drawn.draw(st.integers(1, 255))
    with pytest.raises(CorruptError):
        decrypted(bytes(data))


def test_what_is_cut_off_is_missed() -> None:
    """A stream that ends early, at any byte, is an error; so is one that goes on too long."""
    data = encrypted(b"x" * 200)
    for end in range(len(data)):
        with pytest.raises(CorruptError):
            decrypted(data[:end])
    with pytest.raises(CorruptError):
        decrypted(data + b"\0")


def test_segments_cannot_be_left_out_or_moved() -> None:
    """Each segment has its place, and the last is known as the last."""
    data = encrypted(b"x" * 200)
    head, rest = data[:64], list(cut(data[64:], 64))
    assert len(rest) >= 4
    for wrong in (
        [rest[1], rest[0], *rest[2:]],
        [rest[0], *rest[2:]],
        [rest[0], rest[0], *rest[1:]],
        rest[:-1],
        [*rest, rest[-1]],
    ):
        with pytest.raises(CorruptError):
            decrypted(head + b"".join(wrong))


def test_another_context_or_key_opens_nothing() -> None:
    """A ciphertext is bound to the data key it names."""
    data = encrypted(b"plain")
    with pytest.raises(CorruptError):
        decrypted(data, context=b"elsewhere")
    with pytest.raises(CorruptError):
        list(decrypt_segments(bytes(32), (data,), context=b"here", shape=SMALL))


@pytest.mark.parametrize(("salt", "prefix"), [(b"", PREFIX), (SALT, b""), (SALT, bytes(8))])
def test_salt_and_prefix_have_their_lengths(salt: bytes, prefix: bytes) -> None:
    """A salt or a prefix of another length would be another format."""
    with pytest.raises(InvalidError):
        list(encrypt_segments(KEY, (), context=b"", salt=salt, prefix=prefix))


def test_one_at_a_time_or_as_a_stream_is_the_same_format() -> None:
    """What was put at once can be read as a stream, and the other way round."""
    content = secrets.token_bytes(3_000_000)
    sealing = Sealing(KEY, "vk_1", secrets.token_bytes)
    data = b"".join(sealing.encrypt(cut(content, 70_001)))
    held = Held("vk_1", sealing.commit(), hashlib.sha256(data).hexdigest(), len(data))
    assert b"".join(unseal_stream(KEY, held, (data,))) == content
    one = seal_page(KEY, "vk_1", [content], secrets.token_bytes)
    assert b"".join(unseal_stream(KEY, one.held()[0], cut(one.data, 999_999))) == content


@pytest.mark.parametrize("beyond", [-OURS.segment_bytes, -1, 0, 1])
def test_what_is_there_already_is_encrypted_as_if_it_arrived(beyond: int) -> None:
    """Far from the end of a segment, at it or just beyond it: the same ciphertext."""
    room = OURS.segment_bytes - OURS.header_bytes - 16
    plain = (b"begin", bytes(max(0, room + beyond - 5)))
    given: dict[str, Any] = {"context": b"c", "salt": SALT, "prefix": PREFIX}
    assert encrypt_whole(KEY, plain, **given) == b"".join(encrypt_segments(KEY, plain, **given))


def test_the_last_piece_waits_for_the_commitment() -> None:
    """Content that is not what the entry speaks of is never given out whole."""
    content = secrets.token_bytes(OURS.segment_bytes * 2)
    one = seal_page(KEY, "vk_1", [content], secrets.token_bytes)
    wrong = Held("vk_1", "0" * 64, one.sha256, len(one.data))
    came: list[bytes] = []
    with pytest.raises(CorruptError):
        came.extend(unseal_stream(KEY, wrong, (one.data,)))
    with pytest.raises(CorruptError):
        list(unseal_stream(KEY, one.held()[0], (one.data + b"\0",)))


def test_a_ciphertext_too_short_for_its_salt_is_refused() -> None:
    """A whole stream of fewer bytes than a salt is no content of ours."""
    pieces = encrypt_segments(KEY, (b"short",), context=context_of("k"), salt=SALT, prefix=PREFIX)
    data = b"".join(pieces)
    held = Held("k", "0" * 64, hashlib.sha256(data).hexdigest(), len(data))
    with pytest.raises(CorruptError):
        list(unseal_stream(KEY, held, (data,)))
