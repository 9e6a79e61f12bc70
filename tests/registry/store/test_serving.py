"""What served is added, ended once and corrected once; the database itself keeps it so."""

from __future__ import annotations

from typing import Final

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from muniment import registry
from muniment.core.errors import ConflictError, MunimentError
from muniment.registry import store
from muniment.registry.store.tables import deployments_table, shares_table
from tests.approvals.people import ROOT
from tests.registry.yard import Yard

CHANGES: Final[tuple[dict[str, object], ...]] = (
    {"environment": "elsewhere"},
    {"ends_at": None},
    {"end_recorded_at": None},
    {"record_id": "rec_other"},
    {"reason": "another"},
)


def test_the_database_refuses_to_rewrite_what_served(yard: Yard) -> None:
    """An interval that has ended cannot be changed or removed, whoever tries, by whatever way."""
    yard.approved()
    yard.released("one")
    yard.released("two")
    with yard.looking() as work:
        first = registry.deployments(work, "credit-score").rows[-1]
    rows = deployments_table.c.id == first.id
    for change in CHANGES:
        with pytest.raises((DBAPIError, MunimentError)), yard.database.work(ROOT) as work:
            work.write(update(deployments_table).where(rows).values(**change))
    with pytest.raises((DBAPIError, MunimentError)), yard.database.work(ROOT) as work:
        work.write(delete(shares_table).where(shares_table.c.deployment_id == first.id))
    with yard.looking() as work:
        assert registry.deployments(work, "credit-score").rows[-1] == first


def test_an_interval_ends_once(yard: Yard) -> None:
    """Of two who end the same interval, the second is told."""
    yard.approved()
    yard.released("one")
    yard.released("two")
    with yard.looking() as work:
        first = registry.deployments(work, "credit-score").rows[-1]
    with pytest.raises(ConflictError, match="same moment"), yard.database.work(ROOT) as work:
        store.serving.end(work, first.id, work.now, recorded_at=work.now, record="rec_x")


def test_intervals_are_listed_page_by_page(yard: Yard) -> None:
    """The newest first, each once."""
    yard.approved()
    for text in ("one", "two"):
        yard.released(text)
    seen: list[str] = []
    cursor = None
    with yard.looking() as work:
        while True:
            page = registry.deployments(work, "credit-score", limit=1, cursor=cursor)
            seen += [each.id for each in page.rows]
            if (cursor := page.next_cursor) is None:
                break
        whole = [each.id for each in registry.deployments(work, "credit-score").rows]
    assert seen == whole
    assert len(seen) == 3
