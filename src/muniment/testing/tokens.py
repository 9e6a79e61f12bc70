"""A vault's tokens in memory: real ones, which keep the form of numbers and their check digits.

The vault keeps its values encrypted and for ever; these live as long as the process.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Final

from muniment.core.errors import NotFoundError

_MOST_TRIES: Final = 1_000


class MemoryTokens:
    """Keeps values under tokens in memory; the same value, type and scope give the same token."""

    def __init__(self, key: bytes = b"only for tests and tries") -> None:
        self._key = key
        self._tokens: dict[tuple[str, str, str], str] = {}
        self._values: dict[tuple[str, str], str] = {}

    def tokenise(self, value: str, *, type: str, scope: str) -> str:  # noqa: A002 the protocol's word
        """Keep a value and give the token that stands for it."""
        known = self._tokens.get((value, type, scope))
        if known is not None:
            return known
        for attempt in range(_MOST_TRIES):
            token = self._make(value, f"{type}\0{scope}\0{attempt}")
            if token != value and (token, scope) not in self._values:
                break
        else:
            token = f"tok_{self._digest(value, f'{type}{scope}').hex()[:24]}"
        self._tokens[value, type, scope] = token
        self._values[token, scope] = value
        return token

    def restore(self, token: str, *, scope: str) -> str:
        """Give the value back that a token stands for."""
        try:
            return self._values[token, scope]
        except KeyError:
            raise NotFoundError(
                "no value is kept under this token here",
                field="token",
                remedy="Check the token and the scope it was made in.",
            ) from None

    def _make(self, value: str, about: str) -> str:
        digest = self._digest(value, about)
        if is_number_like(value):
            return like_number(value, lambda at: digest[at % len(digest)] + at)
        return f"tok_{digest.hex()[:24]}"

    def _digest(self, value: str, about: str) -> bytes:
        message = f"{about}\0{value}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha512).digest()


def is_number_like(value: str) -> bool:
    """Tell whether a value is digits with separators, enough of them to keep its form."""
    digits = sum(letter in "0123456789" for letter in value)
    others = set(value) - set("0123456789 -.+/()")
    return digits >= 6 and not others


def like_number(value: str, draw: Callable[[int], int]) -> str:
    """Give other digits in the same form: same length and separators, same class of check digit."""
    places = [at for at, letter in enumerate(value) if letter in "0123456789"]
    digits = [draw(at) % 10 for at in range(len(places))]
    wanted = passes_luhn([int(value[at]) for at in places])
    for last in range(10):
        digits[-1] = (digits[-1] + (last > 0)) % 10
        if passes_luhn(digits) == wanted:
            break
    letters = list(value)
    for at, digit in zip(places, digits, strict=True):
        letters[at] = str(digit)
    return "".join(letters)


def passes_luhn(digits: list[int]) -> bool:
    """Tell whether the last digit is the check digit that card numbers carry."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
