"""The nouns of notices."""

from __future__ import annotations

from muniment.notices import Hours, MessageState, Severity
from muniment.notices.models import Secrets


def test_severities_are_ranked() -> None:
    """Info is the least, urgent the highest."""
    assert sorted(Severity, key=lambda each: each.rank) == [
        Severity.INFO,
        Severity.LOOK,
        Severity.URGENT,
    ]


def test_only_delivered_and_never_are_final() -> None:
    """What waits or is tried later is not over."""
    final = {each for each in MessageState if each.is_final}
    assert final == {MessageState.DELIVERED, MessageState.NEVER}


def test_hours_hold_something_or_nothing() -> None:
    """The same begin and end is no quiet, unless weekends are."""
    assert not Hours("per_1", "UTC", 5, 5).holds_anything
    assert Hours("per_1", "UTC", 5, 5, weekends=True).holds_anything
    assert Hours("per_1", "UTC", 5, 6).holds_anything


def test_secrets_never_show_themselves() -> None:
    """Printed by mistake they tell nothing."""
    assert "x" not in repr(Secrets("x", "x", "x")).replace("Secrets()", "")
