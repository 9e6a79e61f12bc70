"""How much may be used, and what was stopped."""

from __future__ import annotations

import pytest

from muniment import exchanges
from tests.demo.asking import Shown

pytestmark = pytest.mark.slow


def test_limits_prices_and_stops_are_there(shown: Shown) -> None:
    """Limits count what was used, prices say what it cost, one stop ended and one stands."""
    with shown.looking() as work:
        limits = exchanges.limits_in_use(work)
        stops = exchanges.stops(work, ended=True)
        prices = [each for each in exchanges.prices(work) if each.provider == "scripted"]
    assert len(limits) == 3
    assert sorted(each.ended_at is None for each in stops) == [False, True]
    assert len(prices) == 2
