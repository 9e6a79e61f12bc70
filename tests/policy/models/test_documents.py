"""How a policy for people stands on a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from muniment.core.digest import Digest
from muniment.policy import Document, DocumentInForce, Stands, WrittenPolicy

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


def test_it_holds_is_due_soon_and_overdue() -> None:
    """A draft holds nothing; what holds is due soon for thirty days, and then overdue."""
    made = Document(
        *("use", 1, "Use", "Be kind.", (), Digest("sha256:x"), "per_1", "per_2", "first"),
        review_by=NOW,
        made_at=NOW,
    )
    draft = WrittenPolicy(made, None)
    held = WrittenPolicy(made, DocumentInForce(made, NOW, "apr_1"))
    assert draft.stands(NOW) is Stands.DRAFT
    assert [held.stands(NOW - timedelta(days=days)) for days in (31, 30, 1, 0, -1)] == [
        *(Stands.HOLDS, Stands.DUE_SOON, Stands.DUE_SOON),
        *(Stands.OVERDUE, Stands.OVERDUE),
    ]
    newer = WrittenPolicy(draft.latest, held.held)
    assert newer.shown == made
