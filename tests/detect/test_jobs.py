"""The room's chores."""

from __future__ import annotations

from muniment.detect.jobs import chores
from muniment.ledger import Log


def test_retention_is_a_chore(log: Log) -> None:
    """Texts that were kept long enough are erased every hour."""
    (chore,) = chores(log.database)
    assert (chore.name, chore.every_seconds) == ("detect.erase", 3_600)
