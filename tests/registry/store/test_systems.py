"""Systems are saved by compare-and-set."""

from __future__ import annotations

import pytest

from muniment import registry
from muniment.core.errors import ConflictError
from muniment.registry import store
from tests.approvals.people import ROOT
from tests.registry.yard import Yard


def test_of_two_changes_at_once_the_first_wins(yard: Yard) -> None:
    """Whoever read before the other wrote is told to read again."""
    system = yard.raise_up()
    with yard.by("olga") as work:
        registry.change_system(work, system.id, yard.stated(purpose="Other."))
    with pytest.raises(ConflictError, match="same moment"), yard.database.work(ROOT) as work:
        store.systems.save(work, system, "test")
