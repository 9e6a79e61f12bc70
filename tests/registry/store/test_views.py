"""Views are kept, found and removed."""

from __future__ import annotations

import pytest

from muniment import registry
from muniment.core.errors import NotFoundError
from muniment.registry import store
from tests.registry.yard import Yard


def test_a_view_reads_back_as_it_was_saved(yard: Yard) -> None:
    """With its filters; one that is not there is told."""
    yard.raise_up()
    with yard.by("olga") as work:
        made = registry.save_view(work, "systems", "Mine", {"state": "live"})
    with yard.looking() as work:
        assert store.views.get(work, made.id) == made
        assert store.views.seen_by(work, yard.id("ben")) == ()
        with pytest.raises(NotFoundError):
            store.views.get(work, "viw_none")
