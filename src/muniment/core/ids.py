"""Names for things: sortable, unguessable enough, never made from what they name.

An id is `<prefix>_<26 characters>`: 48 bits of milliseconds and 80 random bits in Crockford's
base 32, so that ids sort by birth and never collide. Each noun has its own type, so that the id of
a system cannot be passed where that of a person is wanted.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, NewType

from muniment.core.clock import Clock
from muniment.core.compiled import compiled
from muniment.core.errors import InvalidError

RecordId = NewType("RecordId", str)
JobId = NewType("JobId", str)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [one + two for one in _ALPHABET for two in _ALPHABET]
_LOW_BITS = bytes(ord(_ALPHABET[byte & 31]) for byte in range(256))
_LETTERS = 16
_TIME_PAIRS = 5
_DRAWN_AT_ONCE = 512
_WORTH_DRAWING = 32
_BODY_LENGTH = 26
_MAX_PREFIX_LENGTH = 12


class IdMaker:
    """Makes ids from a clock and a source of chance, both handed in."""

    def __init__(self, clock: Clock, random_bits: Callable[[int], int] | None = None) -> None:
        self._clock = clock
        self._drawn = deque[str]()  # empty for ever where chance is handed in
        self._letters = self._draw if random_bits is None else _letters_from(random_bits)
        self._draws = random_bits is None

    def new(self, prefix: str) -> str:
        """Make a fresh id such as `sys_06f3…`; each letter is used once, by one thread."""
        return self.new_at(prefix, self._clock.now())

    def new_at(self, prefix: str, at: datetime) -> str:
        """Make the id of something that is born at a time that was just read."""
        try:
            letters = self._drawn.popleft()
        except IndexError:
            letters = self._letters()
        return _born(prefix, at, letters) or born(prefix, at, letters)

    def many(self, prefix: str, count: int) -> list[str]:
        """Make many fresh ids of one moment, looking at the clock once."""
        if count < 1:
            return []
        first = self.new(prefix)
        begin, letters = first[:-_LETTERS], self._take
        if self._draws and count >= _WORTH_DRAWING:
            return [first, *[begin + drawn for drawn in _drawn(count - 1)]]
        return [first, *[begin + letters() for _ in range(count - 1)]]

    def _take(self) -> str:
        """Give 80 random bits as letters, from those that were drawn if there are any."""
        try:
            return self._drawn.popleft()
        except IndexError:
            return self._letters()

    def _draw(self) -> str:
        """Draw many letters at once, because asking is slow, and give the first of them."""
        first, *others = _drawn(_DRAWN_AT_ONCE)
        self._drawn.extend(others)
        return first


def _drawn(count: int) -> list[str]:
    """Draw 80 random bits as letters, so many times."""
    # 256 is a multiple of 32, so the low five bits of a random byte are as random.
    letters = secrets.token_bytes(_LETTERS * count).translate(_LOW_BITS).decode()
    return [letters[n : n + _LETTERS] for n in range(0, len(letters), _LETTERS)]


def born(prefix: str, at: datetime, letters: str) -> str:
    """Write an id of a time and of letters, without compiled code."""
    since = at - _EPOCH  # exact, as seconds with a point would not be
    milliseconds = (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000
    return f"{prefix}_{_base32(milliseconds & ((1 << 48) - 1), _TIME_PAIRS)}{letters}"


_born: Final[Callable[[str, datetime, str], str | None]] = (
    compiled.born if compiled is not None else born
)


def _letters_from(random_bits: Callable[[int], int]) -> Callable[[], str]:
    return lambda: _base32(random_bits(80), _LETTERS // 2)


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
