"""Codes that change with time (RFC 6238, over HOTP of RFC 4226), and codes for bad days."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

SECRET_BYTES: Final = 20
PERIOD_SECONDS: Final = 30
DIGITS: Final = 6
CODES: Final = 10
CODE_BYTES: Final = 10
_STEPS_AROUND: Final = 1
_GROUP: Final = 4


def hotp(secret: bytes, counter: int, digits: int = DIGITS, algorithm: str = "sha1") -> str:
    """Make the code of a counter (RFC 4226, section 5.3)."""
    mac = hmac.digest(secret, counter.to_bytes(8, "big"), algorithm)
    offset = mac[-1] & 15
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_at(at: datetime) -> int:
    """Give the number of the time step a moment lies in (RFC 6238, section 4.2)."""
    return int(at.timestamp()) // PERIOD_SECONDS


def matching_step(secret: bytes, code: str, at: datetime, *, after: int = -1) -> int | None:
    """Find the step near a moment whose code this is; none at or before `after` is looked at.

    Every step is compared, in constant time, so that the answer's time says nothing.
    """
    found: int | None = None
    given = plain_code(code).encode("utf-8", "replace")
    for step in _steps(at):
        same = hmac.compare_digest(hotp(secret, step).encode(), given)
        if same and step > after:
            found = step
    return found


def plain_code(text: str) -> str:
    """Take spaces and dashes out of a code as people type it."""
    return "".join(letter for letter in text.strip() if letter not in " -\u00a0").lower()


def enrolment_uri(secret: bytes, *, account: str, issuer: str) -> str:
    """Write the address an authenticator application reads from a QR code."""
    label = quote(f"{issuer}:{account}", safe="")
    pairs = urlencode({"secret": secret_text(secret), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{label}?{pairs}&digits={DIGITS}&period={PERIOD_SECONDS}"


def secret_text(secret: bytes) -> str:
    """Write a secret as it is typed by hand."""
    return base64.b32encode(secret).decode().rstrip("=")


def recovery_code(chance: bytes) -> str:
    """Write 80 random bits as a recovery code: four groups of four letters and digits."""
    letters = base64.b32encode(chance).decode().lower()
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def _steps(at: datetime) -> Iterator[int]:
    now = step_at(at)
    yield from range(max(now - _STEPS_AROUND, 0), now + _STEPS_AROUND + 1)
