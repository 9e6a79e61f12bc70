"""Words about versions."""

from __future__ import annotations

from datetime import UTC, datetime

from muniment.policy import How, InForce, RuleChange


def test_only_publishing_beginning_and_going_back_enforce() -> None:
    """A shadow, begun or ended, puts nothing in force."""
    enforcing = [How.PUBLISHED, How.BOOTSTRAP, How.ROLLED_BACK]
    assert [each for each in How if each.enforces] == enforcing


def test_a_change_is_one_of_three() -> None:
    """A rule is added, changed or removed."""
    kinds = [RuleChange("a", *texts).kind for texts in (("", "x"), ("x", "y"), ("x", ""))]
    assert kinds == ["added", "changed", "removed"]


def test_nothing_in_force_is_not_met() -> None:
    """Without a change there was no policy."""
    assert InForce(datetime(2026, 1, 1, tzinfo=UTC), None, None, None).verdict == "not_met"
