"""What an API key looks like, how it is kept, and when it opens nothing.

`mun_svc_<32 letters>_<6 letters>`: the middle is random (190 bits), the end a checksum, so that a
typing mistake is told from a stranger's key without asking the database, and scanners can find keys
by `mun_(svc|per)_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}`. Only a SHA-256 is kept, which for a random secret
of this length is as good as any slow hash.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from muniment.access.models import HolderKind, Key, KeyLimits
from muniment.core.digest import same_digest
from muniment.core.errors import InvalidError

RANDOM_LETTERS: Final = 32
_CHECK_LETTERS: Final = 6
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHAPE: Final = re.compile(
    rf"mun_(svc|per)_[0-9A-Za-z]{{{RANDOM_LETTERS}}}_[0-9A-Za-z]{{{_CHECK_LETTERS}}}", re.ASCII
)
_KINDS: Final = {HolderKind.SERVICE: "svc", HolderKind.PERSON: "per"}
_DOMAIN: Final = b"muniment api key v1\0"
_SHOWN_LETTERS: Final = 4
_ENOUGH_NUMBER: Final = 62**RANDOM_LETTERS

LONGEST_LABEL: Final = 100
INACTIVE_AFTER: Final = timedelta(days=90)
LONGEST_OVERLAP: Final = timedelta(days=7)
LONGEST_LIFE: Final = timedelta(days=366)


class Refusal(StrEnum):
    """Why a key opened nothing; told to our log only."""

    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    REVOKED = "revoked"
    HOLDER = "holder"


def write_key(kind: HolderKind, chance: int) -> str:
    """Write a new key from a random number of at least 190 bits."""
    if kind not in _KINDS:
        raise InvalidError(
            "a team has no keys", field="holder", remedy="Give the key to a service in the team."
        )
    start = f"mun_{_KINDS[kind]}_{_base62(chance % _ENOUGH_NUMBER, RANDOM_LETTERS)}"
    return f"{start}_{_checksum(start)}"


def is_well_formed(presented: str) -> bool:
    """Tell whether this can be a key of ours at all: its shape and its checksum."""
    if not _SHAPE.fullmatch(presented):
        return False
    start, _, check = presented.rpartition("_")
    return same_digest(_checksum(start), check)


def key_digest(presented: str) -> str:
    """Give what is kept of a key."""
    return hashlib.sha256(_DOMAIN + presented.encode("ascii")).hexdigest()


def shown_part(key: str) -> str:
    """Give the start of a key, by which people tell theirs apart."""
    return key[: len("mun_svc_") + _SHOWN_LETTERS] + "…"


def refusal(key: Key, at: datetime, *, holder_active: bool) -> Refusal | None:
    """Say why a key that is known opens nothing just now, or nothing if it does."""
    if key.revoked_at is not None and key.revoked_at <= at:
        return Refusal.REVOKED
    if key.expires_at is not None and key.expires_at <= at:
        return Refusal.EXPIRED
    return None if holder_active else Refusal.HOLDER


def is_inactive(key: Key, at: datetime) -> bool:
    """Tell whether a key was not used for so long that it should end."""
    return key.works(at) and at - (key.last_used_at or key.created_at) >= INACTIVE_AFTER


def within(limits: KeyLimits, wider: KeyLimits) -> bool:
    """Tell whether a key's limits lie inside another's."""
    if wider.permissions is not None and (
        limits.permissions is None or not limits.permissions <= wider.permissions
    ):
        return False
    return wider.scope.reaches(limits.scope)


def _checksum(start: str) -> str:
    return _base62(zlib.crc32(start.encode("ascii")), _CHECK_LETTERS)


def _base62(number: int, letters: int) -> str:
    written = ""
    for _ in range(letters):
        number, digit = divmod(number, len(_ALPHABET))
        written = _ALPHABET[digit] + written
    return written
