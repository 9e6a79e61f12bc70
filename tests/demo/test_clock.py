"""The clock of a story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from muniment.demo.clock import StoryClock
from muniment.testing import FixedClock

BEGINS = datetime(2026, 1, 1, tzinfo=UTC)


def test_it_runs_with_the_machine_and_jumps_with_the_story() -> None:
    """Between jumps it goes as fast as the machine; both of its faces jump together."""
    real = FixedClock()
    clock = StoryClock(real, BEGINS)
    real.advance(2)
    assert clock.now() == BEGINS + timedelta(seconds=2)
    before = clock.monotonic()
    clock.go_to(BEGINS + timedelta(days=3))
    real.advance(1)
    assert clock.now() == BEGINS + timedelta(days=3, seconds=1)
    assert clock.monotonic() - before == 3 * 86_400 - 2 + 1


def test_it_never_goes_back() -> None:
    """Who wants to go back gets the next moment there is."""
    clock = StoryClock(FixedClock(), BEGINS)
    clock.go_to(BEGINS - timedelta(days=1))
    assert clock.now() > BEGINS
