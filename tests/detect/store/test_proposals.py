"""Change requests in their tables: listed the newest first, by system and page by page."""

from __future__ import annotations

from muniment.detect import Configuration, store
from tests.detect.company import Company


def test_change_requests_are_listed_page_by_page(company: Company) -> None:
    """The newest first; of one system; and each comes back as it was asked for."""
    first = company.propose(Configuration(threshold=0.4), system="sys_1")
    company.later(1)
    second = company.propose(Configuration(threshold=0.3))
    with company.by("ada") as work:
        page = store.page_of_proposals(work, "", 1, None)
        assert page.rows == (second,)
        assert store.page_of_proposals(work, "", 1, page.next_cursor).rows == (first,)
        assert store.page_of_proposals(work, "sys_1", 10, None).rows == (first,)
        assert store.proposal(work, first.id) == first
        assert store.proposal(work, "dch_none") is None
