"""What a secret of ours looks like, and how it is kept: by its digest only.

The secrets made here carry 256 bits of chance, so a plain SHA-256 of one cannot be turned back;
what people choose themselves goes through Argon2 instead.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

SECRET_BYTES: Final = 32
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}\Z")


def is_secret(text: str) -> bool:
    """Tell whether a text can be one of our secrets at all."""
    return _SECRET.match(text) is not None


def secret_digest(text: str, *, of: str) -> str:
    """Fingerprint a secret, apart for each use, so that one of one kind never opens another."""
    return hashlib.sha256(f"muniment {of}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()
