"""Plots: what is unknown is a gap of its width, and nothing is drawn outside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.web.plots import (
    COLUMN_HEIGHT_PX,
    LINE_HEIGHT_PX,
    Mark,
    Reading,
    Span,
    Zone,
    column_plot,
    intervals,
    line_plot,
    spark_path,
)

START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def readings(*values: float | None) -> tuple[Reading, ...]:
    """Make one reading a day, with a bound of a tenth either side."""
    return tuple(
        Reading(START + at * DAY, value)
        if value is None
        else Reading(START + at * DAY, value, value - 0.1, value + 0.1)
        for at, value in enumerate(values)
    )


def test_a_line_breaks_where_nobody_could_tell() -> None:
    """A gap is hatched from the last known reading to the next, and no line crosses it."""
    plot = line_plot(readings(0.2, 0.3, None, None, 0.4), top=1)
    assert plot.line.count("M") == 2
    (gap,) = plot.gaps
    assert (gap.x, gap.width) == ("25%", "75%")
    assert gap.height == LINE_HEIGHT_PX


def test_a_line_that_ends_unknown_has_no_last_point() -> None:
    """The dot at the end means now; there is none when now is unknown."""
    assert line_plot(readings(0.2, 0.3, None), top=1).last is None
    assert line_plot(readings(0.2, 0.5), top=1).last == ("100%", LINE_HEIGHT_PX / 2)


def test_zones_and_marks_lie_where_their_values_say() -> None:
    """A zone is as high as its range, a mark stands at its time."""
    plot = line_plot(
        readings(0.2, 0.3, 0.4, 0.5, 0.6),
        top=1,
        zones=(Zone(0.25, 0.5, "look"),),
        marks=(Mark(START + DAY, "early"), Mark(START + 4 * DAY, "late")),
        grid=(0.5,),
    )
    (zone,) = plot.zones
    assert (zone.y, zone.height) == (LINE_HEIGHT_PX / 2, LINE_HEIGHT_PX / 4)
    assert [(mark.x, mark.anchor) for mark in plot.marks] == [("25%", "start"), ("100%", "end")]
    assert plot.grid == ((LINE_HEIGHT_PX / 2, "0.5"),)
    assert [label.text for label in plot.dates] == ["1 Nov 2026", "3 Nov 2026", "5 Nov 2026"]


def test_one_reading_is_not_a_line() -> None:
    """A plot that would say nothing is refused; the page shows the empty state."""
    with pytest.raises(ValueError, match="empty state"):
        line_plot(readings(0.2), top=1)
    with pytest.raises(ValueError, match="empty state"):
        column_plot((), top=1)


def test_an_unknown_column_is_as_high_as_the_plot() -> None:
    """What nobody knows is never drawn as nought."""
    plot = column_plot((("Mon", 50.0), ("Tue", None), ("Wed", 0.0)), top=100)
    assert [box.height for box in plot.boxes] == [COLUMN_HEIGHT_PX / 2, COLUMN_HEIGHT_PX, 0]
    assert [box.tone for box in plot.boxes] == ["", "unknown", ""]


def test_spans_are_cut_to_the_time_shown() -> None:
    """A span that began before or still holds fills the plot to its edge."""
    plot = intervals(
        (("model", (Span("v1", START - DAY, START + DAY), Span("v2", START + DAY))),),
        start=START,
        end=START + 4 * DAY,
        cursor=START + 2 * DAY,
    )
    ((_name, (first, second)),) = plot.lanes
    assert (first.x, first.width) == ("0%", "25%")
    assert (second.x, second.width) == ("25%", "75%")
    assert plot.cursor == "50%"


def test_a_stretch_of_no_time_is_refused() -> None:
    """A plot over nothing is a mistake of the caller, said at once."""
    with pytest.raises(ValueError, match="end after"):
        intervals((), start=START, end=START)


@given(st.lists(st.floats(min_value=-1e6, max_value=1e6), max_size=30))
def test_a_spark_stays_in_its_box(values: list[float]) -> None:
    """However wild the values, the run is drawn inside 100 by 30."""
    path = spark_path(values)
    if len(values) < 2:
        assert path == ""
        return
    numbers = [float(number) for number in path.removeprefix("M").split()]
    assert all(0 <= x <= 100 for x in numbers[::2])
    assert all(0 <= y <= 30 for y in numbers[1::2])
