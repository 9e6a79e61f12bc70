"""The counter by which every process learns that access changed."""

from __future__ import annotations

import pytest

from muniment.access import store
from muniment.db import Database
from tests.access.company import HOST


def test_each_change_is_counted_with_the_change(database: Database) -> None:
    """Committed changes move the counter; what was rolled back does not."""
    with database.look(HOST) as work:
        assert store.version(work) == 0
    with database.work(HOST) as work:
        assert store.take_turn(work) == 1
        assert store.take_turn(work) == 2
    with pytest.raises(RuntimeError), database.work(HOST) as work:  # noqa: PT012 it ends there
        store.take_turn(work)
        raise RuntimeError
    with database.look(HOST) as work:
        assert store.version(work) == 2
