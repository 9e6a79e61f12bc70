"""Times: written one way, read with their zone, never guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.clock import SystemClock, parse_stamp, stamp, stamped
from muniment.core.errors import InvalidError

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES)  # noqa: DTZ001


class NoZone(tzinfo):
    """A zone object that does not know its offset."""

    def utcoffset(self, _at: datetime | None, /) -> timedelta | None:
        """Say nothing."""
        return None

    def dst(self, _at: datetime | None, /) -> timedelta | None:
        """Say nothing."""
        return None

    def tzname(self, _at: datetime | None, /) -> str | None:
        """Say nothing."""
        return None


@given(TIMES)
def test_a_stamp_reads_back_to_the_same_moment(at: datetime) -> None:
    """No time loses its zone or its microseconds by being written down."""
    assert parse_stamp(stamp(at)) == at
    assert parse_stamp(stamp(at)).tzinfo is UTC


@given(TIMES, TIMES)
def test_stamps_sort_as_the_moments_do(one: datetime, other: datetime) -> None:
    """Stored stamps can be compared as text, also those before the year 1000."""
    assert len(stamp(one)) == len(stamp(other)) == 27
    assert (stamp(one) < stamp(other)) == (one < other)


def test_a_stamp_looks_as_documented() -> None:
    """The one form is UTC, six decimals, a Z."""
    at = datetime(2026, 11, 20, 15, 27, 3, 118_000, timezone(timedelta(hours=1)))
    assert stamp(at) == "2026-11-20T14:27:03.118000Z"


@pytest.mark.parametrize("at", [datetime(2026, 1, 1), datetime(2026, 1, 1, tzinfo=NoZone())])  # noqa: DTZ001
def test_a_time_without_a_zone_is_not_written(at: datetime) -> None:
    """A time that could mean several moments is refused."""
    with pytest.raises(InvalidError, match=r"^at: .*without a zone.*UTC"):
        stamp(at)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not a time"),
        ("yesterday", "is not a time"),
        ("2026-02-30T00:00:00Z", "is not a time"),
        ("2026-11-20", "has no zone"),
        ("2026-11-20T14:27:03", "has no zone"),
        ("0001-01-01T00:00:00+14:00", "outside the years"),
        ("9999-12-31T23:59:59-14:00", "outside the years"),
        ("\uff12\uff10\uff12\uff16-11-20T14:27:03Z", "is not a time"),
    ],
)
def test_what_is_not_one_moment_is_not_read(text: str, reason: str) -> None:
    """A bad time is refused with the reason, never guessed."""
    with pytest.raises(InvalidError, match=f"^at: .*{reason}"):
        parse_stamp(text)


def test_an_offset_is_read_into_utc() -> None:
    """Any RFC 3339 offset is understood."""
    assert parse_stamp("2026-11-20T15:27:03+01:00") == datetime(2026, 11, 20, 14, 27, 3, tzinfo=UTC)


def test_the_system_clock_is_in_utc_and_does_not_run_back() -> None:
    """The machine's clock gives aware times, and a measure that never shrinks."""
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    first = clock.monotonic()
    assert clock.monotonic() >= first


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=1))
def test_each_moment_is_written_whatever_was_written_before(times: list[datetime]) -> None:
    """The same second or another one, forwards and back."""
    for at in [*times, *times[::-1]]:
        near = at.replace(microsecond=at.microsecond // 2)
        for each in (at, near):
            written = each.replace(tzinfo=None).isoformat(timespec="microseconds")
            assert stamp(each) == f"{written}Z"


@given(st.one_of(TIMES, st.datetimes(timezones=st.just(UTC))))
def test_compiled_code_writes_times_as_python_does(at: datetime) -> None:
    """In UTC and in every other zone, from the year 1 to the year 9999."""
    assert stamp(at) == stamped(at)
