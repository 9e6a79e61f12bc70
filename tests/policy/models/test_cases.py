"""What a report of cases says."""

from __future__ import annotations

from muniment.policy import CaseReport


def test_coverage_is_of_a_hundred() -> None:
    """No rules are covered whole; half of two is fifty."""
    assert CaseReport((), (), ()).coverage == 100
    assert CaseReport((), ("a",), ("b",)).coverage == 50
