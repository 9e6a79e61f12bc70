"""What was seen is kept once, counted in stretches, and settled once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from muniment.core.errors import ConflictError, NotFoundError
from muniment.registry import SightingQuery, SightingState, store
from tests.approvals.people import ROOT
from tests.registry.service.test_seeing import see
from tests.registry.yard import Yard


def test_what_is_seen_again_is_counted(yard: Yard) -> None:
    """The same is one row; its stretches end when it was not seen for more than a day."""
    yard.raise_up()
    see(yard, "tool", "wire")
    see(yard, "tool", "wire")
    with yard.looking() as work:
        (found,) = store.sightings.of_system(work, yard.system.id)
        assert store.sightings.same(work, replace(found, id="")) == found
        (stretch,) = store.observing.observed(work, [found.id])
        assert stretch.count == 4  # the follower of a test takes each record twice
        assert store.sightings.counts(work, yard.system.id) == {SightingState.OPEN: 1}
        assert store.sightings.find(work, SightingQuery(environment="none")).rows == ()
        page = store.sightings.find(work, SightingQuery(), limit=1)
        assert page.next_cursor is None
        with pytest.raises(NotFoundError):
            store.sightings.get(work, "sgt_none")
    with yard.database.work(ROOT) as work:
        early = found.first_seen_at - timedelta(hours=1)
        store.observing.observe(work, found.id, store.Times(early, early))
    with yard.looking() as work:
        assert store.observing.observed(work, [found.id])[0].starts_at == early


def test_it_is_settled_once(yard: Yard) -> None:
    """Of two decisions at once the first counts, and the second is told."""
    yard.raise_up()
    see(yard, "tool", "wire")
    with yard.looking() as work:
        (found,) = store.sightings.of_system(work, yard.system.id)
    done = replace(found, state=SightingState.NOT_OURS, reason="a test")
    settle = store.sightings.settle
    with pytest.raises(ConflictError, match="settled"), yard.database.work(ROOT) as work:
        assert settle(work, done) != settle(work, done)
