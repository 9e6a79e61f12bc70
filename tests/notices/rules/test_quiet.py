"""Quiet hours: through midnight, on weekends, and on days when clocks change."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from muniment.core.clock import parse_stamp
from muniment.notices import Hours, Severity, rules, write_minutes

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Hours("per_1", "Europe/Berlin", 22 * 60, 7 * 60)


def free(hours: Hours | None, at: str, severity: Severity = Severity.LOOK) -> str:
    """Say when somebody may be disturbed."""
    return rules.free_at(hours, BERLIN, severity, parse_stamp(at)).isoformat()[:16]


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        ("2026-01-10T20:59:00Z", "2026-01-10T20:59"),
        ("2026-01-10T21:00:00Z", "2026-01-11T06:00"),
        ("2026-01-11T05:59:59Z", "2026-01-11T06:00"),
        ("2026-03-28T23:00:00Z", "2026-03-29T05:00"),  # the night summer time begins
        ("2026-10-24T22:00:00Z", "2026-10-25T06:00"),  # the night it ends
    ],
)
def test_a_night_ends_by_the_local_clock(at: str, wanted: str) -> None:
    """Seven in the morning is seven where the person is, whatever the clocks do that night."""
    assert free(NIGHT, at) == wanted


def test_weekends_severities_and_no_hours() -> None:
    """A quiet weekend ends on Monday; what is graver than what is held, and all else, passes."""
    weekend = Hours("per_1", "Europe/Berlin", 0, 0, weekends=True)
    assert free(weekend, "2026-01-10T12:00:00Z") == "2026-01-11T23:00"
    assert free(NIGHT, "2026-01-10T23:00:00Z", Severity.URGENT) == "2026-01-10T23:00"
    only_info = Hours("per_1", "Europe/Berlin", 22 * 60, 7 * 60, holds=Severity.INFO)
    assert free(only_info, "2026-01-10T23:00:00Z") == "2026-01-10T23:00"
    assert free(None, "2026-01-10T23:00:00Z") == "2026-01-10T23:00"
    nothing = Hours("per_1", "UTC", 5, 5)
    assert free(nothing, "2026-01-10T23:00:00Z") == "2026-01-10T23:00"


@given(some.integers(0, 24 * 60 - 1), some.integers(0, 24 * 60 - 1), some.booleans())
def test_it_always_ends(starts: int, ends: int, weekends: bool) -> None:  # noqa: FBT001 hypothesis gives it by place
    """Whatever the hours, the quiet is over within four days and never lies in the past."""
    at = parse_stamp("2026-01-09T20:00:00Z")
    hours = Hours("per_1", "Europe/Berlin", starts, ends, weekends)
    found = rules.free_at(hours, BERLIN, Severity.LOOK, at)
    assert at <= found
    assert (found - at).days < 4


@given(some.integers(0, 24 * 60 - 1))
def test_times_of_day_read_back(minutes: int) -> None:
    """What is written is read again as the same minute."""
    assert rules.read_minutes(write_minutes(minutes)) == minutes


@pytest.mark.parametrize(
    "text", ["", "24:00", "7", "07:60", "-1:00", "\u0661:\u0660", "7:0x", "1:2:3"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError):  # noqa: PT011 the caller says it in words
        rules.read_minutes(text)
