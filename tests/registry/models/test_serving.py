"""Each set gets its share of the traffic."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from muniment.registry import Serving, Share, SystemState
from tests.registry.making import NEW, OLD


@given(st.integers(1, 99))
def test_each_set_gets_its_share(percent: int) -> None:
    """Of a hundred points exactly so many choose a set."""
    shares = (Share(OLD, 100 - percent), Share(NEW, percent))
    serving = Serving("sys_1", "a", "production", SystemState.LIVE, "dep_1", shares, {}, 1)
    chosen = [serving.chosen(point) for point in range(100)]
    assert chosen.count(NEW) == percent
    assert chosen.count(OLD) == 100 - percent
