"""Windows by the calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from muniment.exchanges import Window
from muniment.exchanges.rules import next_after, window_of

MOMENTS = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 the strategy adds the zone
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(MOMENTS, st.sampled_from([each for each in Window if each is not Window.NOW]))
def test_a_window_ends_where_the_next_begins(at: datetime, window: Window) -> None:
    """The last moment before the next window is in this one, and the next is another."""
    after = next_after(window, at)
    assert after is not None
    assert after > at
    assert window_of(window, after - timedelta(microseconds=1)) == window_of(window, at)
    assert window_of(window, after) > window_of(window, at)


def test_what_counts_now_never_begins_anew() -> None:
    """What runs at the same time has one window for ever."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    assert next_after(Window.NOW, at) is None
    assert window_of(Window.NOW, at) == window_of(Window.NOW, at + timedelta(days=9))
