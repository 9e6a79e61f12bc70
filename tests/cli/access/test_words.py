"""What the commands of access share: scopes, times, and nouns as plain JSON."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment.access import KeyLimits, Scope
from muniment.cli.access.words import day, plain, scope_of, time_of
from muniment.core.errors import InvalidError
from muniment.testing import START


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("90d", timedelta(days=90)),
        ("8h", timedelta(hours=8)),
        ("30m", timedelta(minutes=30)),
        ("2w", timedelta(weeks=2)),
        ("2026-03-02", timedelta(hours=12)),
        ("2026-03-01T13:00:00Z", timedelta(hours=1)),
    ],
)
def test_times_are_read(text: str, after: timedelta) -> None:
    """A span, a day and a time are all understood; nothing is no time."""
    assert time_of(text, "--until", START) == START + after
    assert time_of("", "--until", START) is None


@pytest.mark.parametrize("text", ["soon", "d", "9", "999999d", "-1d", "٣d", "2026-13-01"])
def test_what_is_no_time_is_refused(text: str) -> None:
    """A misspelt time is never taken for another one."""
    with pytest.raises(InvalidError):
        time_of(text, "--until", START)


def test_scopes_are_read() -> None:
    """Each kind once, as kind=id."""
    assert scope_of(["system=s=1", "environment=e"]) == Scope.of(system="s=1", environment="e")
    assert scope_of(None) == Scope()
    with pytest.raises(InvalidError):
        scope_of(["system=a", "system=b"])


def test_nouns_are_plain() -> None:
    """Scopes, sets and times come out as JSON knows them."""
    limits = KeyLimits(frozenset({"b", "a"}), Scope.of(system="s"))
    assert plain(limits) == {"permissions": ["a", "b"], "scope": {"system": "s"}}
    assert day(START) == "2026-03-01 12:00"
    assert day(None) == "-"
