"""Prices as nouns."""

from __future__ import annotations

from dataclasses import replace

from tests.exchanges.rules.test_prices import PRICE


def test_a_price_is_known_in_both_directions_or_not_at_all() -> None:
    """Half a price is none, and nought is one."""
    assert PRICE.known
    assert replace(PRICE, input_micros=0, output_micros=0).known
    assert not replace(PRICE, input_micros=None).known
    assert not replace(PRICE, output_micros=None).known
