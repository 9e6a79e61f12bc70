"""Values on a page: units and zones are always written."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.web.formats import (
    NOT_KNOWN,
    bytes_size,
    count,
    day,
    duration,
    short_digest,
    short_id,
    when,
)


def test_when_says_utc_whatever_the_zone_given() -> None:
    """A moment is written in UTC, to the minute, with the second on hover."""
    helsinki = timezone(timedelta(hours=2))
    written = when(datetime(2026, 11, 20, 16, 27, 3, tzinfo=helsinki))
    assert written == (
        '<time datetime="2026-11-20T14:27:03.000Z" title="2026-11-20 14:27:03 UTC" '
        'data-local="minute">20 Nov 2026, 14:27 UTC</time>'
    )


def test_a_moment_without_a_zone_is_refused() -> None:
    """A page never guesses a time zone."""
    with pytest.raises(ValueError, match="time zone"):
        when(datetime(2026, 11, 20))  # noqa: DTZ001 - the breach itself


def test_day_writes_no_time_of_day() -> None:
    """A date is a date."""
    written = day(datetime(2026, 3, 1, 23, 59, tzinfo=UTC))
    assert written == '<time datetime="2026-03-01">1 Mar 2026</time>'


@pytest.mark.parametrize("write", [when, day, short_digest, count, duration, bytes_size])
def test_what_nobody_knows_is_said(write: object) -> None:
    """No value is written as “not known”, never as an empty cell or a nought."""
    assert callable(write)
    assert write(None) == NOT_KNOWN


def test_a_digest_shows_both_ends_and_keeps_the_whole() -> None:
    """A digest is short to read and whole to check."""
    digest = "sha256:" + "0123456789abcdef" * 4
    written = short_digest(digest)
    assert f'title="{digest}"' in written
    assert "0123 4567 89ab … cdef" in written


def test_a_digest_in_a_table_is_as_short_as_an_id() -> None:
    """Both ends, and the whole of it on hover; what only begins like one stays as it is."""
    whole = f"sha256:{'ab' * 32}"
    assert short_id(whole) == short_digest(whole)
    assert short_id("sha256:ab") == "<code>sha256:ab</code>"


def test_a_digest_from_outside_is_escaped() -> None:
    """A digest that is not one cannot become markup."""
    assert "<script" not in short_digest("<script>alert(1)</script>")


@pytest.mark.parametrize(
    ("given_length", "written"),
    [
        (0.00002, "0.02 ms"),
        (0.0011, "1.1 ms"),
        (1.284, "1,284 ms"),
        (30, "30 s"),
        (timedelta(minutes=4), "4 min"),
        (timedelta(minutes=4, seconds=5), "4 min 5 s"),
        (timedelta(hours=21), "21 h"),
        (timedelta(hours=21, minutes=1), "21 h 1 min"),
        (timedelta(days=3), "3 days"),
        (timedelta(days=3, hours=2), "3 days 2 h"),
        (-0.5, "minus 500 ms"),
    ],
)
def test_a_duration_carries_its_unit(given_length: float | timedelta, written: str) -> None:
    """A length of time is written in the unit a person would say."""
    assert duration(given_length) == written


@pytest.mark.parametrize(
    ("size_bytes", "written"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 KB"),
        (999_960, "1.0 MB"),
        (48_211_004, "48.2 MB"),
        (3 * 10**18, "3000.0 PB"),
    ],
)
def test_a_size_carries_its_unit(size_bytes: int, written: str) -> None:
    """A size is written in thousands, with one decimal."""
    assert bytes_size(size_bytes) == written


@given(st.integers())
def test_a_count_can_be_read_back(number: int) -> None:
    """Grouping changes how a number looks and nothing else."""
    written = count(number)
    assert int(written.replace(",", "")) == number
    assert re.fullmatch(r"-?\d{1,3}(,\d{3})*", written)
