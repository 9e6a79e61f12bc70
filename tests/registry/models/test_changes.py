"""A freeze holds where and when it says."""

from __future__ import annotations

from datetime import timedelta

from muniment.registry import Freeze
from tests.registry.making import AT


def test_a_freeze_holds_there_and_then() -> None:
    """Before, after, elsewhere and once lifted it stands in nobody's way."""
    day = timedelta(days=1)
    freeze = Freeze("frz_1", "sys_1", "production", AT, AT + day, "r", "per_c")
    assert freeze.holds("sys_1", "production", AT)
    assert not freeze.holds("sys_1", "production", AT + day)
    assert not freeze.holds("sys_1", "production", AT - day)
    assert not freeze.holds("sys_2", "production", AT)
    assert not freeze.holds("sys_1", "staging", AT)
    lifted = Freeze("frz_1", "", "", AT, AT + day, "r", "per_c", lifted_at=AT + day / 2)
    assert lifted.holds("sys_2", "staging", AT)
    assert not lifted.holds("sys_2", "staging", AT + day / 2)
