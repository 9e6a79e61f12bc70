"""Tests of what a scan and a file say of themselves."""

from __future__ import annotations

from muniment.registry import Danger, Kept, Scanned, Severity, Unread


def danger(severity: Severity) -> Danger:
    """Make a danger."""
    return Danger("a.b", severity, "f", "p", "why")


def test_a_scan_answers_with_the_worst() -> None:
    """High is not met, medium and unread cannot be told, low is met."""
    assert Scanned("x", (danger(Severity.HIGH), danger(Severity.CRITICAL))).says == (
        "a.b: why and 1 more."
    )
    assert Scanned("x", (danger(Severity.HIGH),), (Unread("f", "w"),)).verdict == "not_met"
    assert Scanned("x", (danger(Severity.MEDIUM),)).verdict == "could_not_tell"
    assert Scanned("x", (danger(Severity.MEDIUM),)).says == "a.b: why."
    assert Scanned("x", (), (Unread("f", "w"),)).says == "Not everything could be read: w."
    assert Scanned("x", (danger(Severity.LOW),)).verdict == "met"


def test_a_file_that_is_not_here_cannot_be_told() -> None:
    """Neither one that was never sent."""
    kept = Kept("m", "sha256:a", None, None, None, ("could_not_tell", ""))
    assert kept.scan_answer == ("could_not_tell", "m is not uploaded.")
