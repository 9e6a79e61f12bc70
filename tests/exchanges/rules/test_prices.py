"""What calls cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import InvalidError
from muniment.exchanges import Price
from muniment.exchanges.rules import (
    SHIPPED_AS_OF,
    cost,
    currency_of,
    price_at,
    read_amount,
    require_price,
    shipped,
    with_shipped,
    write_amount,
)
from tests.exchanges.making import NOON

PRICE = Price("openai", "m", "USD", 2_500_000, 10_000_000, NOON, "a contract", reason="agreed")


def test_cost_is_exact_and_rounded_up() -> None:
    """A million tokens cost what the price says; a single one costs a part that is not lost."""
    assert cost(PRICE, 1_000_000, 0) == 2_500_000
    assert cost(PRICE, 1, 1) == 13  # 2.5 + 10 millionths, rounded up
    assert cost(PRICE, 0, 0) == 0
    assert cost(replace(PRICE, input_micros=1), 1, 0) == 1


def test_without_a_price_nobody_can_tell() -> None:
    """An unknown price is never nought, in whichever direction it is unknown."""
    assert cost(None, 5, 5) is None
    assert cost(replace(PRICE, input_micros=None), 5, 5) is None
    assert cost(replace(PRICE, output_micros=None), 5, 5) is None


def test_the_price_of_a_moment() -> None:
    """The newest that holds by then; a correction set later wins; a withdrawn one is unknown."""
    later = replace(PRICE, input_micros=1, valid_from=NOON + timedelta(days=1))
    mended = replace(later, input_micros=2, set_at=NOON + timedelta(days=2))
    gone = replace(later, input_micros=None, valid_from=NOON + timedelta(days=3))
    every = (gone, mended, later, PRICE)

    def at(days: int, model: str = "m") -> Price | None:
        return price_at(every, "openai", model, NOON + timedelta(days=days))

    assert at(-1) is None
    assert at(0) == PRICE
    assert at(1) == mended
    assert at(3) is None
    assert at(1, "other") is None


def test_shipped_prices_hold_only_in_their_currency() -> None:
    """They say of which day they are, and give way to any price people set; euros end them all."""
    ours = shipped()
    assert all(each.shipped and each.known and SHIPPED_AS_OF in each.source for each in ours)
    assert len({(each.provider, each.model) for each in ours}) == len(ours)
    assert currency_of(ours) == ""
    assert with_shipped(()) == ours
    known = ours[0]
    own = replace(PRICE, provider=known.provider, model=known.model, valid_from=known.valid_from)
    own = replace(own, set_at=NOON)
    assert price_at(with_shipped((own,)), own.provider, own.model, NOON) == own
    euros = replace(PRICE, currency="EUR")
    assert with_shipped((euros,)) == (euros,)


@given(st.integers(0, 10**15 - 1))
def test_amounts_are_read_as_they_are_written(micros: int) -> None:
    """No millionth is lost or made up between people and the table."""
    assert read_amount(write_amount(micros).replace(",", ""), "input") == micros


@pytest.mark.parametrize("text", ["", "-1", "1,5", "1.1234567", "1e3", "\u0661", "nan", "1" * 10])
def test_what_is_no_amount_is_refused(text: str) -> None:
    """It names its field and how to write it."""
    with pytest.raises(InvalidError) as caught:
        read_amount(text, "input")
    assert caught.value.field == "input"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"provider": ""}, "provider"),
        ({"model": "x" * 201}, "model"),
        ({"source": "a\nb"}, "source"),
        ({"currency": "usd"}, "currency"),
        ({"currency": "EUR"}, "currency"),
        ({"input_micros": -1}, "input_micros"),
        ({"output_micros": 1 << 60}, "output_micros"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_price_is_checked(more: dict[str, Any], field: str) -> None:
    """Names, the currency of all others, amounts, a reason; or it says which of them is wrong."""
    assert require_price(PRICE, (PRICE,)) == PRICE
    with pytest.raises(InvalidError) as caught:
        require_price(replace(PRICE, **more), (PRICE,))
    assert caught.value.field == field
