"""The room's chores."""

from __future__ import annotations

from muniment.detect.jobs import chores
from muniment.testing.vault import Vaulted


def test_retention_is_a_chore(vaulted: Vaulted) -> None:
    """Every hour texts that were kept long enough are erased, and plain ones are encrypted."""
    told = [(each.name, each.every_seconds) for each in chores(vaulted.safe)]
    assert told == [("detect.erase", 3_600), ("detect.keep", 3_600)]
