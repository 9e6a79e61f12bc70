"""Codes that change with time, against the vectors of their standards."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import pytest

from muniment.access.rules.totp import (
    enrolment_uri,
    hotp,
    matching_step,
    recovery_code,
    secret_text,
    step_at,
)

SECRET = b"12345678901234567890"


def test_rfc_4226() -> None:
    """Counter codes are those of RFC 4226, appendix D."""
    codes = [hotp(SECRET, counter) for counter in range(5)]
    assert codes == ["755224", "287082", "359152", "969429", "338314"]
    assert [hotp(SECRET, counter) for counter in (5, 9)] == ["254676", "520489"]


@pytest.mark.parametrize(
    ("seconds", "algorithm", "secret", "code"),
    [
        (59, "sha1", SECRET, "94287082"),
        (1111111109, "sha1", SECRET, "07081804"),
        (20000000000, "sha1", SECRET, "65353130"),
        (59, "sha256", SECRET + SECRET[:12], "46119246"),
        (1234567890, "sha512", (SECRET * 4)[:64], "93441116"),
    ],
)
def test_rfc_6238(seconds: int, algorithm: str, secret: bytes, code: str) -> None:
    """Time codes are those of RFC 6238, appendix B."""
    step = step_at(datetime.fromtimestamp(seconds, UTC))
    assert hotp(secret, step, 8, algorithm) == code


def test_clock_skew() -> None:
    """A code of the step before or after is taken, one further away is not."""
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    code = hotp(SECRET, step_at(at))
    for seconds, good in ((-59, False), (-30, True), (0, True), (30, True), (60, False)):
        assert (matching_step(SECRET, code, at + timedelta(seconds=seconds)) is not None) is good


def test_a_used_step_is_not_found_again() -> None:
    """A code used once, or older than one that was, is refused."""
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    code = hotp(SECRET, step_at(at))
    step = matching_step(SECRET, code, at)
    assert step is not None
    assert matching_step(SECRET, code, at, after=step) is None
    assert matching_step(SECRET, code, at, after=step + 1) is None


@pytest.mark.parametrize("typed", ["", "٣٥٩١٥٢", "12345", "1234567", "abcdef", "\ud800"])
def test_other_texts_are_no_code(typed: str) -> None:
    """What is not the code is refused, whatever it is."""
    assert matching_step(SECRET, typed, datetime(2026, 3, 1, tzinfo=UTC)) is None


def test_written_for_people() -> None:
    """The address for a QR code names issuer and account; recovery codes are in groups."""
    uri = enrolment_uri(SECRET, account="ines@example.org", issuer="Muniment")
    assert uri.startswith("otpauth://totp/Muniment%3Aines%40example.org?secret=GEZDGNBV")
    assert secret_text(SECRET) in uri
    code = recovery_code(secrets.token_bytes(10))
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
