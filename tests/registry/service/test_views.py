"""Saved views: one's own, or shared; removed by whoever saved them."""

from __future__ import annotations

import pytest

from muniment import registry
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from tests.registry.yard import Yard


def test_a_view_is_saved_seen_and_removed(yard: Yard) -> None:
    """Others see it only if it is shared, and do not remove it."""
    yard.raise_up()
    with yard.by("olga") as work:
        own = registry.save_view(work, "systems", "Mine", {"state": "live", "words": ""})
        shared = registry.save_view(work, "changes", "Open", {"state": "draft"}, shared=True)
        assert own.query == {"state": "live"}
    with yard.by("ben") as work:
        assert [each.name for each in registry.views(work)] == ["Open"]
        assert registry.views(work, "systems") == ()
    with yard.by("ben") as work, pytest.raises(ForbiddenError):
        registry.remove_view(work, shared.id)
    with yard.by("olga") as work, pytest.raises(ConflictError):
        registry.save_view(work, "systems", "Mine", {})
    with yard.by("olga") as work, pytest.raises(InvalidError):
        registry.save_view(work, "weather", "Rain", {})
    for odd in ({"a b": "c"}, {"\u00e9": "c"}, {f"a{each}": "c" for each in range(21)}):
        with yard.by("olga") as work, pytest.raises(InvalidError):
            registry.save_view(work, "systems", "Odd", odd)
    with yard.by("olga") as work:
        registry.remove_view(work, own.id)
    with yard.by("olga") as work:
        assert [each.name for each in registry.views(work)] == ["Open"]
    assert len(yard.recorded("registry.view_removed")) == 1
