"""Check digits: the arithmetic that tells a real number from one that only looks like it.

Each function takes digits (or letters and digits) without separators and answers yes or no. The
rules are the published ones of each scheme, written here anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES: Final = {letter: value for value, letter in enumerate(ALPHABET)}
_WRITTEN: Final = str.maketrans({letter: str(value) for letter, value in _VALUES.items()})
_ORD0: Final = ord("0")


def _dihedral(a: int, b: int) -> int:
    """Multiply in the group of a pentagon's turns (0-4) and flips (5-9)."""
    if a < 5:
        return (a + b) % 5 if b < 5 else (a + b) % 5 + 5
    return (a - b) % 5 + 5 if b < 5 else (a - b) % 5


_D5: Final = tuple(tuple(_dihedral(a, b) for b in range(10)) for a in range(10))
_SWAP: Final = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
_DOUBLE: Final = bytes.maketrans(b"0123456789", b"0246813579")


def _turned(times: int) -> tuple[int, ...]:
    """Swap each digit so many times."""
    values = tuple(range(10))
    for _ in range(times):
        values = tuple(_SWAP[value] for value in values)
    return values


_SWAPPED: Final = tuple(_turned(times) for times in range(8))


def luhn(digits: str) -> bool:
    """Tell whether the last digit is right by the rule of cards."""
    read = digits.encode()
    total = sum(read[-1::-2]) + sum(read[-2::-2].translate(_DOUBLE))
    return (total - _ORD0 * len(read)) % 10 == 0


def weighted(digits: str, weights: Sequence[int]) -> int:
    """Sum the digits, each times its weight."""
    return sum((ord(d) - _ORD0) * w for d, w in zip(digits, weights, strict=False))


def mod97(text: str) -> int:
    """Give the remainder by 97 of letters and digits, letters counting from A = 10."""
    return int(text.translate(_WRITTEN)) % 97


def verhoeff(digits: str) -> bool:
    """Tell whether the last digit is right by Verhoeff's rule."""
    check = 0
    for place, letter in enumerate(reversed(digits)):
        check = _D5[check][_SWAPPED[place % 8][ord(letter) - _ORD0]]
    return check == 0


def iso7064_mod11_10(digits: str) -> bool:
    """Tell whether the last digit is right by the hybrid rule modulo 11 and 10."""
    product = 10
    for letter in digits[:-1]:
        total = (ord(letter) - _ORD0 + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == ord(digits[-1]) - _ORD0


def icao9303(text: str) -> int:
    """Give the check digit of a travel document's field: weights 7, 3, 1."""
    return (
        sum(
            (0 if letter == "<" else _VALUES[letter]) * (7, 3, 1)[place % 3]
            for place, letter in enumerate(text)
        )
        % 10
    )
