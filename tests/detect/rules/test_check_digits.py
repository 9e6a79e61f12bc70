"""Check digits: known numbers pass, and nearly every change of one digit is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.detect.rules import check_digits as rules


@pytest.mark.parametrize("number", ["4111111111111111", "378282246310005", "79927398713"])
def test_luhn_knows_published_numbers(number: str) -> None:
    """Published test numbers are right, and any other last digit is wrong."""
    assert rules.luhn(number)
    others = [number[:-1] + digit for digit in "0123456789" if digit != number[-1]]
    assert not any(rules.luhn(each) for each in others)


@given(st.text("0123456789", min_size=2, max_size=20), st.data())
def test_luhn_and_verhoeff_notice_one_wrong_digit(body: str, data: st.DataObject) -> None:
    """Exactly one last digit is right, and a change of any one digit is noticed."""
    for rule in (rules.luhn, rules.verhoeff):
        right = [body + digit for digit in "0123456789" if rule(body + digit)]
        assert len(right) == 1
        place = data.draw(st.integers(0, len(body) - 1))
        other = data.draw(st.sampled_from([d for d in "0123456789" if d != body[place]]))
        assert not rule(body[:place] + other + right[0][place + 1 :])


def test_the_other_rules_know_published_values() -> None:
    """An IBAN, a German tax number and a passport's field come out as printed."""
    assert rules.mod97("370400440532013000DE89") == 1
    assert rules.iso7064_mod11_10("86095742719")
    assert not rules.iso7064_mod11_10("86095742718")
    assert rules.icao9303("L01X00T47") == 1
    assert rules.verhoeff("2363")
    assert rules.weighted("123", (3, 2, 1)) == 10
