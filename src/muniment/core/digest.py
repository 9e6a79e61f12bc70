"""Fingerprints: SHA-256, written as `sha256:<64 hex digits>`, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final, NewType

from muniment.core.canonical import canonical_bytes
from muniment.core.errors import InvalidError

Digest = NewType("Digest", str)

_SHAPE: Final = re.compile(r"sha256:[0-9a-f]{64}\Z")


def digest_bytes(data: bytes) -> Digest:
    """Fingerprint some bytes."""
    return Digest("sha256:" + hashlib.sha256(data).hexdigest())


def digest_value(value: object) -> Digest:
    """Fingerprint a value through its canonical form."""
    return digest_bytes(canonical_bytes(value))


def parse_digest(text: str, *, field: str = "digest") -> Digest:
    """Read a digest written elsewhere, refusing any other shape."""
    if not _SHAPE.match(text):
        raise InvalidError(
            f"{text[:80]!r} is not a digest",
            field=field,
            remedy="Digests look like sha256: and 64 lower-case hex digits.",
        )
    return Digest(text)


def same_digest(one: str, other: str) -> bool:
    """Compare without telling by the time taken how much of it was right."""
    if one.isascii() and other.isascii():
        return hmac.compare_digest(one, other)
    given = (text.encode("utf-8", "surrogatepass") for text in (one, other))
    return hmac.compare_digest(*given)
