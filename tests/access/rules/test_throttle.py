"""Waiting after failures: growing, bounded, and never a lock that others can turn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.access.rules.throttle import (
    account_key,
    buckets,
    delay_after,
    source_address,
    wait_seconds,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_it_grows_and_ends() -> None:
    """Some failures are free; then each doubles the wait, to fifteen minutes and no more."""
    waits = [delay_after(count, 5).total_seconds() for count in (1, 4, 5, 6, 7, 14, 15, 1_000_000)]
    assert waits == [0, 0, 1, 2, 4, 512, 900, 900]


@given(st.integers(0, 10_000), st.integers(0, 100))
def test_it_never_shrinks(failures: int, free: int) -> None:
    """One failure more never means a shorter wait."""
    assert delay_after(failures, free) <= delay_after(failures + 1, free) <= timedelta(minutes=15)


def test_nobody_shares_a_bucket_with_a_known_device() -> None:
    """What others fill never slows down the person at a known device, nor at another source."""
    attacker = {each.name for each in buckets("acc", "198.51.100.1")}
    person = {each.name for each in buckets("acc", "198.51.100.1", device="d1")}
    elsewhere = {each.name for each in buckets("acc", "203.0.113.9")}
    assert not attacker & person
    assert not attacker & elsewhere


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "unknown"),
        ("", "unknown"),
    ],
)
def test_where_a_caller_comes_from(address: str, source: str) -> None:
    """IPv6 is counted by network, everything else by address."""
    assert source_address(address) == source


def test_accounts_are_named_alike() -> None:
    """However somebody writes an address, it is one account."""
    assert account_key(" Ines@Example.org ") == account_key("ines@example.org")
    assert account_key("\ud800") != account_key("ines@example.org")


def test_the_time_left() -> None:
    """A wait is told in whole seconds, never less than is left."""
    assert wait_seconds(None, NOW) == wait_seconds(NOW, NOW) == 0
    assert wait_seconds(NOW + timedelta(seconds=3.2), NOW) == 4
