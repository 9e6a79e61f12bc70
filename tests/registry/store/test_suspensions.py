"""A suspension is kept, ended once, and never rewritten."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from muniment import registry
from muniment.core.errors import MunimentError
from muniment.registry import store
from muniment.registry.store.tables import suspensions_table
from tests.approvals.people import ROOT
from tests.registry.yard import Yard


def test_an_ended_suspension_stays_as_it_is(yard: Yard) -> None:
    """The database refuses to open it again; a system that goes for good ends its suspension."""
    yard.approved()
    yard.released("one")
    with yard.database.work(ROOT) as work:
        system = registry.suspend(work, "credit-score", reason="odd")
        began = work.now
    yard.later(60)
    with yard.by("olga") as work:
        gone = dict.fromkeys(("data", "models", "access", "records"), "kept")
        registry.retire(work, "credit-score", gone)
        ended = work.now
    with yard.looking() as work:
        found = store.suspensions.at(work, system.id, began, work.now)
        assert store.suspensions.at(work, system.id, work.now, work.now) is None
    assert found is not None
    assert found.ends_at == ended
    with pytest.raises((DBAPIError, MunimentError)), yard.database.work(ROOT) as work:
        work.write(update(suspensions_table).values(ends_at=None))
    with yard.looking() as work:
        assert store.suspensions.at(work, system.id, began, work.now) == found
