"""Stretches go on, end after a day of silence, and are listed with those that hosts told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment.core.errors import InvalidError, NotFoundError
from muniment.core.page import write_cursor
from muniment.registry import Means, ObservedQuery, Source, store
from muniment.registry.store.observing import Stretch
from tests.approvals.people import ROOT
from tests.registry.making import NEW
from tests.registry.service.test_hosts import heard, trusted
from tests.registry.service.test_seeing import see
from tests.registry.yard import Yard


def test_stretches_of_all_means_are_one_list(yard: Yard) -> None:
    """What began last comes first, page by page, each row once; each means by itself."""
    yard.approved()
    see(yard, "tool", "wire")
    with yard.looking() as work:
        (tool,) = store.sightings.of_system(work, yard.system.id)
    days = timedelta(days=1)
    with yard.database.work(ROOT) as work:
        for each in range(1, 4):
            at = tool.first_seen_at - days * 2 * each
            times = store.Times(at, at, means=Means.PREDICTION, entry=each)
            store.observing.observe(work, tool.id, times)
    heard(yard, trusted(yard), NEW)
    whole: list[Stretch] = []
    cursor: str | None = None
    with yard.looking() as work:
        while True:
            rows, cursor = store.observing.search(work, ObservedQuery(), limit=1, cursor=cursor)
            whole += rows
            if cursor is None:
                break
        assert len(set(whole)) == len(whole) == 3  # earlier predictions went before the first
        begun = [each.starts_at for each in whole]
        assert begun == sorted(begun, reverse=True)
        for means, count in ((Means.TRAFFIC, 1), (Means.PREDICTION, 1), (Means.HEARTBEAT, 1)):
            query = ObservedQuery(yard.system.id, "production", means)
            assert len(store.observing.search(work, query)[0]) == count
        forged = write_cursor(["2026-11-20T14:27:00.000000Z", "x", "y"])
        assert store.observing.search(work, ObservedQuery(), cursor=forged)[1] is None
        with pytest.raises(InvalidError):
            store.observing.search(work, ObservedQuery(), cursor="no")
        with pytest.raises(NotFoundError):
            store.observing.host(work, "hst_none")
        assert store.observing.last_heard(work, "hst_none") is None
        assert Source.OBSERVED.value == "observed"
