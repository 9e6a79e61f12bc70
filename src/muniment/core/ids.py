"""Names for things: sortable, unguessable enough, never made from what they name.

An id is `<prefix>_<26 characters>`: 48 bits of milliseconds and 80 random bits in Crockford's
base 32, so that ids sort by birth and never collide. Each noun has its own type, so that the id of
a system cannot be passed where that of a person is wanted.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from typing import NewType

from muniment.core.clock import Clock
from muniment.core.errors import InvalidError

RecordId = NewType("RecordId", str)
JobId = NewType("JobId", str)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [one + two for one in _ALPHABET for two in _ALPHABET]
_DRAWN_AT_ONCE = 512
_BODY_LENGTH = 26
_MAX_PREFIX_LENGTH = 12


class IdMaker:
    """Makes ids from a clock and a source of chance, both handed in."""

    def __init__(self, clock: Clock, random_bits: Callable[[int], int] | None = None) -> None:
        self._clock = clock
        self._random_bits = random_bits or _Chance().bits
        self._last = (-1, "")

    def new(self, prefix: str) -> str:
        """Make a fresh id such as `sys_06f3…`."""
        milliseconds = int(self._clock.now().timestamp() * 1000) & ((1 << 48) - 1)
        last, written = self._last
        if last != milliseconds:
            written = _base32(milliseconds, 5)
            self._last = (milliseconds, written)
        return f"{prefix}_{written}{_base32(self._random_bits(80), 8)}"


class _Chance:
    """Random bits from the system's safe source, fetched many at once because asking is slow."""

    def __init__(self) -> None:
        self._stock = deque[bytes]()

    def bits(self, count: int) -> int:
        """Give so many bits, a multiple of eight; each byte is used once, by one thread."""
        size = count // 8
        try:
            return int.from_bytes(self._stock.popleft(), "big")
        except IndexError:
            drawn = secrets.token_bytes(size * _DRAWN_AT_ONCE)
            self._stock.extend(drawn[n : n + size] for n in range(size, len(drawn), size))
            return int.from_bytes(drawn[:size], "big")


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


def _base32(number: int, pairs: int) -> str:
    letters = [""] * pairs
    for place in range(pairs - 1, -1, -1):
        letters[place] = _PAIRS[number & 1023]
        number >>= 10
    return "".join(letters)
