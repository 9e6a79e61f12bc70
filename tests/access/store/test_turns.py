"""The counter by which every process learns that access changed."""

from __future__ import annotations

import pytest

from muniment.access import store
from muniment.access.store.turns import in_parts
from muniment.db import Database
from tests.access.company import HOST


def test_many_names_are_asked_for_in_parts(database: Database) -> None:
    """However many there are, each is asked for once, and never too many at a time."""
    names = [str(number) for number in range(12_345)]
    parts = list(in_parts([*names, *names]))
    assert [len(each) for each in parts] == [5_000, 5_000, 2_345]
    assert sorted(name for each in parts for name in each) == sorted(names)
    with database.look(HOST) as work:
        assert store.people_named(work, map(str, range(40_000))) == {}


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
