"""The clock that moves only when told."""

from __future__ import annotations

from datetime import timedelta

from muniment.testing import START, FixedClock, counting_ids


def test_time_stands_still_until_it_is_moved() -> None:
    """Both clocks move by what was asked; only the wall clock can be set back."""
    clock = FixedClock()
    assert (clock.now(), clock.monotonic()) == (START, 0.0)
    clock.advance(90)
    assert (clock.now(), clock.monotonic()) == (START + timedelta(seconds=90), 90.0)
    clock.set_back(60)
    assert (clock.now(), clock.monotonic()) == (START + timedelta(seconds=30), 90.0)


def test_ids_come_out_the_same_each_time() -> None:
    """Two makers on the same clock count alike, and never give the same id twice."""
    one, other = counting_ids(FixedClock()), counting_ids(FixedClock())
    first = [one.new("job") for _ in range(5)]
    assert first == [other.new("job") for _ in range(5)]
    assert len(set(first)) == 5
