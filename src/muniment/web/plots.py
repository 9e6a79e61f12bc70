"""Where the points of a plot lie: pure geometry, drawn by templates/partials/plots.html.

Across, everything is a percentage, so that a plot is sharp and its words keep their size at any
width; down, it is pixels. A value nobody knows is a gap of its full width, never a zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, Literal

from muniment.web.formats import day_text
from muniment.web.parts import percent

Tone = Literal["", "ok", "look", "stop", "info", "accent", "unknown"]

LINE_HEIGHT_PX: Final = 240
COLUMN_HEIGHT_PX: Final = 132
_SPARK_WIDTH, _SPARK_HEIGHT = 100, 30
_ACROSS: Final = 1000  # units of the stretched drawing; across is always 0 to 1000


@dataclass(frozen=True, slots=True)
class Reading:
    """A value at a time with its bound; no value means that nobody could tell."""

    at: datetime
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """A range of values with a meaning, drawn behind the line."""

    start: float
    end: float
    tone: Literal["mild", "look", "stop"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at a time."""

    at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class Label:
    """A word of a plot: where across, where it is anchored, and what it says."""

    x: str
    text: str
    anchor: Literal["start", "mid", "end"] = "start"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a plot."""

    x: str
    width: str
    y: float
    height: float
    tone: str = ""


@dataclass(frozen=True, slots=True)
class LinePlot:
    """A line with its bound over time, ready to draw."""

    readings: tuple[Reading, ...]
    line: str
    around: str
    zones: tuple[Box, ...]
    gaps: tuple[Box, ...]
    grid: tuple[tuple[float, str], ...]
    marks: tuple[Label, ...]
    dates: tuple[Label, ...]
    last: tuple[str, float] | None
    height: int = LINE_HEIGHT_PX


@dataclass(frozen=True, slots=True)
class ColumnPlot:
    """One column for each value, ready to draw."""

    values: tuple[tuple[str, float | None], ...]
    boxes: tuple[Box, ...]
    grid: tuple[tuple[float, str], ...]
    labels: tuple[Label, ...]
    height: int = COLUMN_HEIGHT_PX


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when something held; no end means that it still does."""

    label: str
    start: datetime
    end: datetime | None = None
    tone: Tone = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class PlacedSpan:
    """A span and where it lies across."""

    span: Span
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Intervals:
    """Lanes of spans over one stretch of time, ready to draw."""

    lanes: tuple[tuple[str, tuple[PlacedSpan, ...]], ...]
    dates: tuple[Label, ...]
    cursor: str


def spark_path(values: Sequence[float]) -> str:
    """Draw the run of a few values in a box of 100 by 30."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    reach = (high - low) or 1.0
    step = _SPARK_WIDTH / (len(values) - 1)
    inner = _SPARK_HEIGHT - 4
    flat = high == low
    points = (
        (at * step, _SPARK_HEIGHT / 2 if flat else 2 + inner * (1 - (value - low) / reach))
        for at, value in enumerate(values)
    )
    return "M" + " ".join(f"{x:.3g} {y:.3g}" for x, y in points)


def line_plot(
    readings: Sequence[Reading],
    *,
    top: float,
    zones: Sequence[Zone] = (),
    marks: Sequence[Mark] = (),
    grid: Sequence[float] = (),
) -> LinePlot:
    """Lay out a line over time, from nought to `top`."""
    if len(readings) < 2:
        raise ValueError("a line needs two readings; show the empty state instead")
    across = _time_scale(readings[0].at, readings[-1].at)

    def down(value: float) -> float:
        return round(LINE_HEIGHT_PX * (1 - min(value, top) / top), 1)

    runs = [
        list(run) for known, run in groupby(readings, key=lambda r: r.value is not None) if known
    ]
    final = readings[-1]
    return LinePlot(
        readings=tuple(readings),
        line=" ".join(_run_path(run, across, down) for run in runs),
        around=" ".join(_around_path(run, across, down) for run in runs),
        zones=tuple(
            Box("0%", "100%", down(z.end), down(z.start) - down(z.end), z.tone) for z in zones
        ),
        gaps=tuple(_gaps(readings, across)),
        grid=tuple((down(value), f"{value:g}") for value in grid),
        marks=tuple(_mark_label(mark, across) for mark in marks),
        dates=_date_labels(readings[0].at, readings[-1].at),
        last=None if final.value is None else ("100%", down(final.value)),
    )


def column_plot(
    values: Sequence[tuple[str, float | None]], *, top: float, grid: Sequence[float] = ()
) -> ColumnPlot:
    """Lay out one column for each value; one nobody knows is as high as the plot, and hatched."""
    if not values:
        raise ValueError("columns need a value; show the empty state instead")
    slot = 1 / len(values)

    def down(value: float) -> float:
        return round(COLUMN_HEIGHT_PX * (1 - min(value, top) / top), 1)

    boxes = tuple(
        Box(
            percent((at + 0.14) * slot),
            percent(0.72 * slot),
            0 if value is None else down(value),
            COLUMN_HEIGHT_PX if value is None else round(COLUMN_HEIGHT_PX - down(value), 1),
            "unknown" if value is None else "",
        )
        for at, (_label, value) in enumerate(values)
    )
    return ColumnPlot(
        values=tuple(values),
        boxes=boxes,
        grid=tuple((down(value), f"{value:,g}") for value in grid),
        labels=(
            Label("0%", values[0][0]),
            Label("100%", values[-1][0], "end"),
        ),
    )


def intervals(
    lanes: Sequence[tuple[str, Sequence[Span]]],
    *,
    start: datetime,
    end: datetime,
    cursor: datetime | None = None,
) -> Intervals:
    """Lay out what held when, between two dates."""
    across = _time_scale(start, end)

    def place(span: Span) -> PlacedSpan:
        left = across(max(span.start, start))
        right = across(min(span.end or end, end))
        return PlacedSpan(span, percent(left), percent(right - left))

    return Intervals(
        lanes=tuple((name, tuple(place(span) for span in spans)) for name, spans in lanes),
        dates=_date_labels(start, end),
        cursor="" if cursor is None else percent(across(cursor)),
    )


def _time_scale(start: datetime, end: datetime) -> Callable[[datetime], float]:
    whole = (end - start) / timedelta(seconds=1)
    if whole <= 0:
        raise ValueError("the time shown must end after it begins")
    return lambda at: (at - start) / timedelta(seconds=1) / whole


def _run_path(
    run: Sequence[Reading],
    across: Callable[[datetime], float],
    down: Callable[[float], float],
) -> str:
    points = [(across(r.at) * _ACROSS, down(r.value or 0.0)) for r in run]
    return "M" + " ".join(f"{x:.1f} {y:g}" for x, y in points)


def _around_path(
    run: Sequence[Reading],
    across: Callable[[datetime], float],
    down: Callable[[float], float],
) -> str:
    upper = [(across(r.at) * _ACROSS, down(r.high)) for r in run if r.high is not None]
    lower = [(across(r.at) * _ACROSS, down(r.low)) for r in run if r.low is not None]
    if not upper or not lower:
        return ""
    return "M" + " ".join(f"{x:.1f} {y:g}" for x, y in [*upper, *reversed(lower)]) + "Z"


def _gaps(readings: Sequence[Reading], across: Callable[[datetime], float]) -> Iterator[Box]:
    at = 0
    for known, run in groupby(readings, key=lambda r: r.value is not None):
        length = len(list(run))
        if not known:
            left = across(readings[max(at - 1, 0)].at)
            right = across(readings[min(at + length, len(readings) - 1)].at)
            yield Box(percent(left), percent(right - left), 0, LINE_HEIGHT_PX, "unknown")
        at += length


def _mark_label(mark: Mark, across: Callable[[datetime], float]) -> Label:
    share = across(mark.at)
    return Label(percent(share), mark.label, "end" if share > 0.75 else "start")


def _date_labels(start: datetime, end: datetime) -> tuple[Label, ...]:
    middle = start + (end - start) / 2
    return (
        Label("0%", day_text(start)),
        Label("50%", day_text(middle), "mid"),
        Label("100%", day_text(end), "end"),
    )
