"""What tokens cost, by the price that a model's version states."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.exchanges import COST_UNKNOWN
from muniment.gateway.exchange import Route
from muniment.gateway.pricing import cost_of, costs_of_any, price_of
from tests.gateway.asking import Shared

ANY = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)


def test_a_price_for_a_million_is_a_millionth_for_one() -> None:
    """Two for a million in and ten for a million out make so many millionths."""
    assert price_of({"price": {"input": 2, "output": 10}}, 100, 7) == 270
    assert price_of({"price": {"input": 0.15, "output": "0.6"}}, 1_000, 1_000) == 750


@pytest.mark.parametrize("price", [None, 5, [], {"input": "free"}, {"input": -1}, {"input": []}])
def test_of_what_is_no_price_nobody_can_tell(price: Any) -> None:
    """A price that cannot be read is not nought, and never gives money back."""
    assert price_of({"price": price}, 1_000, 1_000) == COST_UNKNOWN


@given(ANY, ANY, st.integers(0, 10**12), st.integers(0, 10**12))
def test_no_price_breaks_the_record(into: object, out: object, used: int, said: int) -> None:
    """Whatever stands there, the cost is a number that every table holds."""
    cost = price_of({"price": {"input": into, "output": out}}, used, said)
    assert COST_UNKNOWN <= cost <= 10**15


@pytest.mark.parametrize(
    ("kind", "document", "varies"),
    [
        ("openai", {}, False),
        ("echo", {}, False),
        ("echo", {"price": "free"}, False),
        ("openai", {"price": {"input": 2, "output": 10}}, True),
        ("echo", {"price": {"input": 0}}, True),
    ],
)
def test_what_any_call_costs_is_what_each_costs(
    shared: Shared, kind: str, document: dict[str, Any], *, varies: bool
) -> None:
    """Where a route costs the same whatever is asked, that is it; else it is not said."""
    book = shared.means.book
    route = Route("one", "nobody-priced-it", kind, document, "any")
    costs = costs_of_any(book, (route, route))
    assert (costs is None) == varies
    for size in (1, 1_000, 10**9):
        one = cost_of(book, route, size, size)
        assert varies or costs == (one, one)
