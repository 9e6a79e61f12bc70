"""Cases in their table: found by id and by time, and what was never kept is nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment import detect
from muniment.core.actor import system_actor
from muniment.db import Database
from muniment.detect import CaseKeeping, CaseKind, store
from muniment.testing import FixedClock
from muniment.testing.vault import Vaulted

DESK = system_actor("desk")
TEXT = "half \ud800 a pair"


def test_what_was_never_kept_is_not_found(database: Database) -> None:
    """An unknown case is nothing, and lists are empty."""
    with database.look(DESK) as work:
        assert store.case(work, "cas_none") is None
        assert store.cases(work, "", 10) == ()
        assert store.cases_due(work, 10) == ()
        assert store.page_of_cases(work, 10, None).rows == ()
        assert store.plain_cases(work, 10) == ()


@pytest.mark.parametrize("keep_days", [1, 30])
def test_a_case_is_due_when_its_time_is_over(
    vaulted: Vaulted, clock: FixedClock, keep_days: int
) -> None:
    """It is found by its id, and becomes due with its last day."""
    with vaulted.database.work(DESK) as work:
        made = detect.report(
            work,
            vaulted.safe,
            TEXT,
            CaseKind.MISSED,
            type="PERSON",
            start=0,
            end=4,
            keeping=CaseKeeping(days=keep_days),
        )
    with vaulted.database.look(DESK) as work:
        assert store.case(work, made.id) == made
        assert store.cases_due(work, 10) == ()
        assert store.plain_cases(work, 10) == ()
    clock.advance(timedelta(days=keep_days).total_seconds())
    with vaulted.database.look(DESK) as work:
        assert store.cases_due(work, 10) == (made,)
