"""Names for things: sortable, unguessable enough, never made from what they name.

An id is `<prefix>_<26 characters>`: 48 bits of milliseconds and 80 random bits in Crockford's
base 32, so that ids sort by birth and never collide. Each noun has its own type, so that the id of
a system cannot be passed where that of a person is wanted.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import NewType

from muniment.core.clock import Clock
from muniment.core.errors import InvalidError

RecordId = NewType("RecordId", str)
JobId = NewType("JobId", str)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_BODY_LENGTH = 26
_MAX_PREFIX_LENGTH = 12


class IdMaker:
    """Makes ids from a clock and a source of chance, both handed in."""

    def __init__(self, clock: Clock, random_bits: Callable[[int], int] = secrets.randbits) -> None:
        self._clock = clock
        self._random_bits = random_bits

    def new(self, prefix: str) -> str:
        """Make a fresh id such as `sys_06f3…`."""
        milliseconds = int(self._clock.now().timestamp() * 1000) & ((1 << 48) - 1)
        return f"{prefix}_{_base32((milliseconds << 80) | self._random_bits(80))}"


def require_id(text: str, prefix: str, *, field: str = "id") -> str:
    """Give the id back if it is one of this prefix; say what is wrong if not."""
    body = text.removeprefix(prefix + "_")
    well_formed = len(body) == _BODY_LENGTH and all(letter in _ALPHABET for letter in body)
    if body == text or len(prefix) > _MAX_PREFIX_LENGTH or not well_formed:
        raise InvalidError(
            f"{text[:60]!r} is not an id of this kind",
            field=field,
            remedy=f"Ids here look like {prefix}_ and {_BODY_LENGTH} letters or digits.",
        )
    return text


def _base32(number: int) -> str:
    letters = []
    for _ in range(_BODY_LENGTH):
        letters.append(_ALPHABET[number & 31])
        number >>= 5
    return "".join(reversed(letters))
