"""Keyed digests of content: they prove a disputed text until its subject is erased.

A plain digest of what can be guessed would tell what was said for ever. This one is made with a
key of the subject, and says nothing once that key is destroyed.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_CONTEXT: Final = b"muniment.vault/1 digest\0"
_KEY_BYTES: Final = 32
_BLOCK_BYTES: Final = 64
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
NAME: Final = "hmac-sha256:"


def digest_key(secret: bytes, kid: str) -> bytes:
    """Derive from a data key the key that only makes digests."""
    return HKDF(SHA256(), _KEY_BYTES, None, _CONTEXT + kid.encode()).derive(secret)


def keyed_digest(key: bytes, content: bytes) -> str:
    """Give the digest of a content under a key that `digest_key` gave."""
    return NAME + hmac.digest(key, content, "sha256").hex()


class Keyed:
    """Makes digests under one key, which is worked into it once for all of them."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        block = (hashlib.sha256(key).digest() if len(key) > _BLOCK_BYTES else key).ljust(
            _BLOCK_BYTES, b"\0"
        )
        self._inner = hashlib.sha256(block.translate(_INNER))
        self._outer = hashlib.sha256(block.translate(_OUTER))

    def digest(self, content: bytes) -> str:
        """Give the digest of a content, the same as `keyed_digest` does."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(content)
        outer.update(inner.digest())
        return NAME + outer.hexdigest()
