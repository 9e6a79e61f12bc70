"""Kept decisions are listed page by page, and sampled evenly."""

from __future__ import annotations

from datetime import timedelta

from muniment import policy
from muniment.policy import store
from tests.policy.company import ALLOW, Company
from tests.policy.judging import facts


def test_decisions_are_paged_and_sampled(company: Company) -> None:
    """Every decision stands on one page, and a sample is spread over the whole time."""
    company.enforce(ALLOW)
    judge = company.judge()
    since = company.now()
    made = []
    for number in range(5):
        company.later(1)
        made.append(company.decide(facts(tokens=number), judge).id)
    until = company.now() + timedelta(seconds=1)
    with company.database.look(company.people["bo"]) as work:
        first = policy.decisions(work, limit=3)
        second = policy.decisions(work, limit=3, cursor=first.next_cursor)
        assert store.count_decisions(work, since, until) == 5
        some = [each.id for each, _ in store.some_decisions(work, since, until, 3)]
        none = store.some_decisions(work, until, until + timedelta(days=1), 3)
        assert store.facts(work, "sha256:none") is None
        assert store.decision(work, "dec_none") is None
    assert [each.id for each in (*first.rows, *second.rows)] == made[::-1]
    assert second.next_cursor is None
    assert some == made[::2]
    assert none == ()
