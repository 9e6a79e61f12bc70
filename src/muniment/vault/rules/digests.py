"""Keyed digests of content: they prove a disputed text until its subject is erased.

A plain digest of what can be guessed would tell what was said for ever. This one is made with a
key of the subject, and says nothing once that key is destroyed.
"""

from __future__ import annotations

import hmac
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_CONTEXT: Final = b"muniment.vault/1 digest\0"
_KEY_BYTES: Final = 32


def digest_key(secret: bytes, kid: str) -> bytes:
    """Derive from a data key the key that only makes digests."""
    return HKDF(SHA256(), _KEY_BYTES, None, _CONTEXT + kid.encode()).derive(secret)


def keyed_digest(key: bytes, content: bytes) -> str:
    """Give the digest of a content under a key that `digest_key` gave."""
    return "hmac-sha256:" + hmac.digest(key, content, "sha256").hex()
