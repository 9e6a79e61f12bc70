"""Digits for digits: NIST's own samples, and tokens of the same length and check-digit class."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import InvalidError
from muniment.vault.rules.digits import (
    FF1,
    LEAST_DIGITS,
    MOST_DIGITS,
    passes_luhn,
    require_digits,
    stand_in,
    stood_for,
)

SAMPLES = json.loads((Path(__file__).parents[2] / "data/vault/ff1.json").read_bytes())
CIPHER = FF1(bytes(range(32)))
NUMBERS = st.text("0123456789", min_size=LEAST_DIGITS, max_size=MOST_DIGITS)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: each["token"])
def test_nists_own_samples(sample: dict[str, Any]) -> None:
    """The nine samples of SP 800-38G come out as published, and back."""
    cipher = FF1(bytes.fromhex(sample["key"]), sample["radix"])
    tweak = bytes.fromhex(sample["tweak"])
    assert cipher.encrypt(sample["plain"], tweak) == sample["token"]
    assert cipher.decrypt(sample["token"], tweak) == sample["plain"]


@pytest.mark.requirement("DAT-07")
@given(NUMBERS, st.binary(max_size=40))
def test_a_stand_in_keeps_the_form_and_leads_back(digits: str, tweak: bytes) -> None:
    """Whatever the digits: same length, digits only, check digit as right as before, reversible."""
    token = stand_in(CIPHER, digits, tweak)
    assert len(token) == len(digits)
    assert token.isascii()
    assert token.isdigit()
    assert passes_luhn(token) == passes_luhn(digits)
    assert stood_for(CIPHER, token, tweak) == digits


@given(NUMBERS)
def test_another_key_or_tweak_gives_another_stand_in(digits: str) -> None:
    """What a token stands for depends on key and tweak, both of them."""
    tokens = (
        {
            stand_in(CIPHER, digits + "0000000000", b"a"),
            stand_in(CIPHER, digits + "0000000000", b"b"),
            stand_in(FF1(bytes(32)), digits + "0000000000", b"a"),
        }
        if len(digits) <= MOST_DIGITS - 10
        else {"1", "2", "3"}
    )
    assert len(tokens) == 3


def test_no_two_values_share_a_stand_in() -> None:
    """Over many neighbours the map is one to one, within each class of check digit."""
    values = ["41111" + "".join(rest) for rest in product("0123456789", repeat=3)]
    assert len({stand_in(CIPHER, value, b"") for value in values}) == len(values)


@pytest.mark.parametrize(
    ("digits", "passes"),
    [("4111111111111111", True), ("79927398713", True), ("79927398710", False), ("0000000", True)],
)
def test_luhn_as_others_know_it(digits: str, passes: bool) -> None:  # noqa: FBT001
    """Numbers that everybody knows pass and fail as they should."""
    assert passes_luhn(digits) is passes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "123456",
        "1" * 41,
        "4111 1111",
        "411111x",
        "\uff14\uff11\uff11\uff11\uff11\uff11\uff11\uff11",
        "\u0664\u0661\u0661\u0661\u0661\u0661\u0661\u0661",
        "-1234567",
    ],
)
def test_what_is_not_plain_digits_is_refused(text: str) -> None:
    """Too short or long, spaces, letters and digits of other scripts are refused with a remedy."""
    with pytest.raises(InvalidError) as caught:
        require_digits(text)
    assert caught.value.field == "value"
    for call in (stand_in, stood_for):
        with pytest.raises(InvalidError):
            call(CIPHER, text, b"")


@pytest.mark.parametrize("text", ["12345", "12345a", ""])
def test_ff1_refuses_small_domains(text: str) -> None:
    """Under a million possible values the permutation would be guessed, so it is refused."""
    with pytest.raises(InvalidError):
        CIPHER.encrypt(text)
