"""Reviews and lines as they are kept: what is frozen never changes, by whatever way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from muniment import access
from muniment.access import Campaign, store
from muniment.access.store.review_tables import FROZEN, lines_table
from muniment.core.errors import ConflictError, NotFoundError
from tests.access.company import Company


@pytest.fixture
def review(company: Company) -> Campaign:
    """A review that is open."""
    company.grant("bob", "security")
    company.grant("cora", "compliance")
    with company.work("cora") as work:
        people = [company.people["bob"], company.people["cora"]]
        return access.open_review(work, "Q1", people, due_at=work.now + timedelta(days=7))


def test_a_review_comes_back_as_it_was_kept(company: Company, review: Campaign) -> None:
    """Campaign and lines survive, whole and in pages."""
    with company.work() as work:
        assert store.campaign(work, review.id) == review
        assert store.unclosed_campaigns(work) == (review,)
        lines = store.lines(work, review.id)
        first = store.lines_page(work, review.id, limit=2)
        rest = store.lines_page(work, review.id, limit=2, cursor=first.next_cursor)
        assert (*first.rows, *rest.rows) == lines
        assert store.line(work, lines[0].id) == lines[0]
        with pytest.raises(ConflictError, match="meanwhile"):
            store.save_line(work, replace(lines[0], version=9))
        with pytest.raises(ConflictError, match="meanwhile"):
            store.save_campaign(work, replace(review, version=9))
        for find in (store.line, store.campaign):
            with pytest.raises(NotFoundError):
                find(work, "x")


def test_what_is_frozen_is_refused_by_the_database_itself(
    company: Company, review: Campaign
) -> None:
    """Neither a frozen fact can be changed nor a line removed, even past the product."""
    for name in FROZEN:
        if name in {"id", "campaign_id"}:
            continue
        value = 99 if name == "position" else "{}x"
        with pytest.raises(DBAPIError), company.database.machine() as connection:
            connection.execute(lines_table.update().values({name: value}))
    with pytest.raises(DBAPIError), company.database.machine() as connection:
        connection.execute(lines_table.delete())
    with company.look() as work:
        assert len(store.lines(work, review.id)) == review.lines


def test_a_mark_moves(company: Company) -> None:
    """How far a chore has come is kept and moved."""
    with company.work() as work:
        assert store.mark(work, "x") is None
        store.set_mark(work, "x", work.now)
        store.set_mark(work, "x", work.now + timedelta(days=1))
        assert store.mark(work, "x") == work.now + timedelta(days=1)
