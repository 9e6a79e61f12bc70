"""Tokens: what a value is turned into, and how it is turned back. Pure; keys and chance come in."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Final

from muniment.core.errors import InvalidError
from muniment.vault.rules.digits import FF1
from muniment.vault.rules.streams import OURS, decrypt_segments, encrypt_segments

MOST_VALUE_BYTES: Final = 16_384
TWEAKS: Final = 64
_TEXT_BYTES: Final = 20
_PREFIX: Final = bytes(7)


def random_text(chance: Callable[[int], bytes]) -> str:
    """Make the text of a token that says nothing: 160 random bits."""
    return "tok_" + base64.b32encode(chance(_TEXT_BYTES)).decode().lower()


def seal_value(secret: bytes, token: str, value: str, chance: Callable[[int], bytes]) -> bytes:
    """Encrypt a value so that it opens only beside its own token."""
    try:
        data = value.encode()
    except UnicodeEncodeError as error:
        raise InvalidError("the value is not text", field="value") from error
    if not data or len(data) > MOST_VALUE_BYTES:
        raise InvalidError(
            f"the value has {len(data)} bytes",
            field="value",
            remedy=f"Give 1 to {MOST_VALUE_BYTES}; larger content is kept with `put`.",
        )
    salt, context = chance(OURS.key_bytes), _context(token)
    pieces = encrypt_segments(secret, (data,), context=context, salt=salt, prefix=_PREFIX)
    return b"".join(pieces)


def open_value(secret: bytes, token: str, sealed: bytes) -> str:
    """Decrypt the value of a token."""
    return b"".join(decrypt_segments(secret, (sealed,), context=_context(token))).decode()


def digits_cipher(secret: bytes, scope: str) -> FF1:
    """Make the permutation of digits that belongs to a data key and a scope."""
    name = b"muniment.vault/1 digits\0" + scope.encode()
    return FF1(hmac.digest(secret, name, hashlib.sha256))


def tweak_bytes(number: int) -> bytes:
    """Write a tweak; the next one is taken when the stand-in is taken already."""
    return number.to_bytes(4, "big")


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """Give the later end; none at all is the latest."""
    return None if one is None or other is None else max(one, other)


def require_future(expires_at: datetime | None, now: datetime) -> datetime | None:
    """Give the end of a token back if it lies ahead."""
    if expires_at is not None and (expires_at.tzinfo is None or expires_at <= now):
        raise InvalidError(
            "the token would have expired already, or its end has no time zone",
            field="expires_at",
            remedy="Give a time in the future, in UTC.",
        )
    return expires_at


def _context(token: str) -> bytes:
    return b"muniment.vault/1 token\0" + token.encode()
