"""How content is encrypted: Tink's AES-GCM-HKDF streams, and the salt and commitment inside.

A stream is `header ‖ segment ‖ …`; the header is its own length, a salt and a nonce prefix. The
segments' key is HKDF(data key, salt, context); the nonce of segment n is `prefix ‖ n ‖ last`, so
that no segment can be left out, moved or cut off the end unseen. The first 32 bytes that
are encrypted are the salt of the commitment: commit = HMAC-SHA256(salt, content).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from muniment.core.errors import CorruptError, InvalidError
from muniment.vault.models import Held

SALT_BYTES: Final = 32
_PREFIX_BYTES: Final = 7
_TAG_BYTES: Final = 16
_MOST_SEGMENTS: Final = 1 << 32

Chance = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Shape:
    """The parameters of a stream; ours are Tink's AES256_GCM_HKDF_1MB."""

    key_bytes: int = 32
    hash: hashes.HashAlgorithm = field(default_factory=hashes.SHA256)
    segment_bytes: int = 1 << 20

    @property
    def header_bytes(self) -> int:
        """Say how long the header is, which is also its first byte."""
        return 1 + self.key_bytes + _PREFIX_BYTES

    def cipher(self, key: bytes, salt: bytes, context: bytes) -> AESGCM:
        """Derive the segments' key."""
        derived = HKDF(self.hash, self.key_bytes, salt, context).derive(key)
        return AESGCM(derived)


OURS: Final = Shape()


def context_of(kid: str) -> bytes:
    """Bind a ciphertext to the data key it names."""
    return b"muniment.vault/1 content\0" + kid.encode()


def encrypt_segments(
    key: bytes,
    chunks: Iterable[bytes],
    *,
    context: bytes,
    salt: bytes,
    prefix: bytes,
    shape: Shape = OURS,
) -> Iterator[bytes]:
    """Encrypt a stream piece by piece, in bounded memory."""
    if len(salt) != shape.key_bytes or len(prefix) != _PREFIX_BYTES:
        raise InvalidError("the salt or the nonce prefix has the wrong length", field="salt")
    cipher = shape.cipher(key, salt, context)
    yield bytes([shape.header_bytes]) + salt + prefix
    room = shape.segment_bytes - _TAG_BYTES
    for number, (piece, is_last) in enumerate(_cut(chunks, room - shape.header_bytes, room)):
        yield cipher.encrypt(_nonce(prefix, number, is_last=is_last), piece, b"")


def encrypt_whole(
    key: bytes, plain: Sequence[bytes], *, context: bytes, salt: bytes, prefix: bytes
) -> bytes:
    """Encrypt what is there already, as `encrypt_segments` does, with fewer copies if it is one."""
    if OURS.header_bytes + sum(map(len, plain)) + _TAG_BYTES > OURS.segment_bytes:
        pieces = encrypt_segments(key, plain, context=context, salt=salt, prefix=prefix)
        return b"".join(pieces)
    cipher = OURS.cipher(key, salt, context)
    whole = cipher.encrypt(_nonce(prefix, 0, is_last=True), b"".join(plain), b"")
    return b"".join((bytes([OURS.header_bytes]), salt, prefix, whole))


def decrypt_segments(
    key: bytes, chunks: Iterable[bytes], *, context: bytes, shape: Shape = OURS
) -> Iterator[bytes]:
    """Decrypt a stream; what was changed, moved or cut off raises before it is given out."""
    pieces = _cut(chunks, shape.header_bytes, shape.segment_bytes - shape.header_bytes)
    header, is_last = next(pieces)
    if is_last or len(header) != shape.header_bytes or header[0] != shape.header_bytes:
        raise changed_error()
    salt, prefix = header[1 : 1 + shape.key_bytes], header[1 + shape.key_bytes :]
    cipher = shape.cipher(key, salt, context)
    # The first segment is shorter by the header; those after it are whole.
    first, is_only = next(pieces)
    yield _open(cipher, prefix, 0, first, is_last=is_only)
    if is_only:
        return
    rest = _cut((piece for piece, _ in pieces), shape.segment_bytes, shape.segment_bytes)
    for number, (piece, is_last) in enumerate(rest, start=1):
        yield _open(cipher, prefix, number, piece, is_last=is_last)


class Sealing:
    """Encrypts one large content as it arrives, and knows at its end what an entry says of it."""

    def __init__(self, key: bytes, kid: str, chance: Chance) -> None:
        self._key, self._kid = key, kid
        self._salt, self._header_salt = chance(SALT_BYTES), chance(OURS.key_bytes)
        self._prefix = chance(_PREFIX_BYTES)
        self._mac = hmac.new(self._salt, digestmod="sha256")

    def encrypt(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Give the ciphertext piece by piece."""
        return encrypt_segments(
            self._key,
            chain((self._salt,), self._heard(chunks)),
            context=context_of(self._kid),
            salt=self._header_salt,
            prefix=self._prefix,
        )

    def commit(self) -> str:
        """Give the commitment to everything that came by."""
        return self._mac.hexdigest()

    def _heard(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._mac.update(chunk)
            yield chunk


def unseal_stream(key: bytes, held: Held, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Give content piece by piece; the last piece comes only when the commitment holds."""
    pieces = decrypt_segments(key, chunks, context=context_of(held.kid))
    first = next(pieces)
    if len(first) < SALT_BYTES:
        raise changed_error(held.ct_sha256)
    mac = hmac.new(first[:SALT_BYTES], digestmod="sha256")
    waiting = first[SALT_BYTES:]
    mac.update(waiting)
    for piece in pieces:
        yield waiting
        mac.update(piece)
        waiting = piece
    if not hmac.compare_digest(mac.hexdigest(), held.commit):
        raise changed_error(held.ct_sha256)
    yield waiting


def _cut(chunks: Iterable[bytes], first: int, rest: int) -> Iterator[tuple[bytes, bool]]:
    """Cut a stream into pieces of these lengths; tell of each whether it is the last."""
    held, wanted = bytearray(), first
    for chunk in chunks:
        held += chunk
        while len(held) > wanted:  # more follows, so this piece is not the last
            with memoryview(held) as seen:  # one copy, where a slice of its own makes two
                piece = bytes(seen[:wanted])
            yield piece, False
            del held[:wanted]
            wanted = rest
    yield bytes(held), True


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    if number >= _MOST_SEGMENTS:
        raise InvalidError(
            "the content has too many segments", field="content", remedy="Cut it into several."
        )
    return prefix + number.to_bytes(4, "big") + bytes([is_last])


def _open(cipher: AESGCM, prefix: bytes, number: int, piece: bytes, *, is_last: bool) -> bytes:
    try:
        return cipher.decrypt(_nonce(prefix, number, is_last=is_last), piece, b"")
    except (InvalidTag, ValueError) as error:
        raise changed_error() from error


def changed_error(ct_sha256: str = "") -> CorruptError:
    """Say that what is kept is not what was put in."""
    return CorruptError(
        "the encrypted content was changed, cut off, or belongs to another key",
        subject=ct_sha256,
        remedy="Restore the object from a backup and look at the health of the storage.",
    )
