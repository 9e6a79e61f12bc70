"""Back-off and plans: judgements about time, tried on every number that may come."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from muniment.jobs.job import next_due, retry_delay, storable
from muniment.testing import START


def test_the_first_tries_are_seconds_apart_and_the_last_an_hour() -> None:
    """Delays double from five seconds and never exceed an hour."""
    delays = [retry_delay(attempt).total_seconds() for attempt in (0, 1, 2, 3, 4, 10, 11, 10**6)]
    assert delays == [5, 5, 10, 20, 40, 2560, 3600, 3600]


@given(st.integers(1, 10**6), st.integers(0, 10**9))
def test_the_next_time_lies_ahead_and_on_the_plan(every_seconds: int, late: int) -> None:
    """However late, the next run is in the future, on the grid, at most one interval away."""
    now = START + timedelta(seconds=late)
    planned = next_due(START, every_seconds, now)
    assert now < planned <= now + timedelta(seconds=every_seconds)
    assert (planned - START) % timedelta(seconds=every_seconds) == timedelta()


@given(st.text(st.characters()))
def test_a_stored_reason_is_text_for_both_databases(reason: str) -> None:
    """No reason holds what PostgreSQL refuses, and none is empty."""
    kept = storable(reason)
    assert kept.encode()
    assert "\0" not in kept
    assert 0 < len(kept) <= 500
