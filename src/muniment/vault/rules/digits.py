"""Digits for digits: the permutation FF1 of NIST SP 800-38G, and check digits kept as they were.

A number that passes the Luhn check becomes another that passes it, one that fails stays one that
fails, and the length stays. Pure: the key and the tweak are handed in.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from muniment.core.errors import InvalidError

_ROUNDS: Final = 10
_BLOCK_BYTES: Final = 16
_LEAST_DOMAIN: Final = 1_000_000
_ALPHABET: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
LEAST_DIGITS: Final = 7
MOST_DIGITS: Final = 40


class FF1:
    """The format-preserving permutation FF1 over texts of one alphabet."""

    def __init__(self, key: bytes, radix: int = 10) -> None:
        self._key, self._radix = key, radix
        self._block = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 one block at a time, inside FF1

    def encrypt(self, text: str, tweak: bytes = b"") -> str:
        """Give the text that stands for this one."""
        left, right = self._halves(text)
        for number in range(_ROUNDS):
            width = len(left)
            mixed = int(left, self._radix) + self._mix(number, right, len(text), tweak)
            left, right = right, self._write(mixed, width)
        return left + right

    def decrypt(self, text: str, tweak: bytes = b"") -> str:
        """Give the text that this one stands for."""
        left, right = self._halves(text)
        for number in reversed(range(_ROUNDS)):
            width = len(right)
            mixed = int(right, self._radix) - self._mix(number, left, len(text), tweak)
            left, right = self._write(mixed, width), left
        return left + right

    def _halves(self, text: str) -> tuple[str, str]:
        alphabet = _ALPHABET[: self._radix]
        if self._radix ** len(text) < _LEAST_DOMAIN or text.strip(alphabet):
            raise InvalidError("the text is too short or holds other letters", field="value")
        middle = len(text) // 2
        return text[:middle], text[middle:]

    def _mix(self, number: int, half: str, length: int, tweak: bytes) -> int:
        radix, longer = self._radix, length - length // 2
        width = ((radix**longer - 1).bit_length() + 7) // 8
        wanted = 4 * ((width + 3) // 4) + 4
        begin = bytes([1, 2, 1]) + radix.to_bytes(3, "big")
        begin += bytes([_ROUNDS, (length // 2) % 256])
        begin += length.to_bytes(4, "big") + len(tweak).to_bytes(4, "big")
        padding = bytes((-len(tweak) - width - 1) % _BLOCK_BYTES)
        value = int(half, radix).to_bytes(width, "big")
        mac = self._mac(begin + tweak + padding + bytes([number]) + value)
        drawn = mac
        for count in range(1, (wanted + _BLOCK_BYTES - 1) // _BLOCK_BYTES):
            block = int.from_bytes(mac, "big") ^ count
            drawn += self._block.update(block.to_bytes(_BLOCK_BYTES, "big"))
        return int.from_bytes(drawn[:wanted], "big")

    def _mac(self, data: bytes) -> bytes:
        zero = modes.CBC(bytes(_BLOCK_BYTES))
        chained = Cipher(algorithms.AES(self._key), zero).encryptor()
        return chained.update(data)[-_BLOCK_BYTES:]

    def _write(self, value: int, width: int) -> str:
        value %= self._radix**width
        letters = []
        for _ in range(width):
            value, digit = divmod(value, self._radix)
            letters.append(_ALPHABET[digit])
        return "".join(reversed(letters))


def passes_luhn(digits: str) -> bool:
    """Tell whether the last digit is the check digit of the others (ISO/IEC 7812-1)."""
    return _luhn_digit(digits[:-1]) == digits[-1]


def stand_in(cipher: FF1, digits: str, tweak: bytes) -> str:
    """Give other digits: as many of them, with a check digit that is as right or as wrong."""
    require_digits(digits)
    if passes_luhn(digits):
        body = cipher.encrypt(digits[:-1], tweak)
        return body + _luhn_digit(body)
    walked = cipher.encrypt(digits, tweak)
    while passes_luhn(walked):  # cycle-walking: a permutation leads back among those that fail
        walked = cipher.encrypt(walked, tweak)
    return walked


def stood_for(cipher: FF1, digits: str, tweak: bytes) -> str:
    """Give the digits that these stand for."""
    require_digits(digits)
    if passes_luhn(digits):
        body = cipher.decrypt(digits[:-1], tweak)
        return body + _luhn_digit(body)
    walked = cipher.decrypt(digits, tweak)
    while passes_luhn(walked):
        walked = cipher.decrypt(walked, tweak)
    return walked


def require_digits(text: str) -> str:
    """Give the digits back if they can have a stand-in of their own form."""
    if not (text.isascii() and text.isdigit() and LEAST_DIGITS <= len(text) <= MOST_DIGITS):
        raise InvalidError(
            "the value is not a row of digits of the right length",
            field="value",
            remedy=f"Give {LEAST_DIGITS} to {MOST_DIGITS} digits 0 to 9, without spaces.",
        )
    return text


def _luhn_digit(body: str) -> str:
    total = 0
    for place, letter in enumerate(reversed(body)):
        digit = int(letter) * (2 - place % 2)
        total += digit - 9 if digit > 9 else digit
    return str(-total % 10)
