"""The chore of policy."""

from __future__ import annotations

from muniment import jobs
from muniment.jobs import Run
from muniment.policy.jobs import chores
from tests.approvals.people import ROOT
from tests.policy.company import Company


def test_the_chore_runs_in_its_own_work(company: Company) -> None:
    """With nothing due it tells nobody, and it comes at least once a day."""
    (chore,) = chores()
    with company.database.work(ROOT) as work:
        jobs.enqueue(work, chore.name, {})
    with company.database.work(ROOT) as work:
        job = jobs.claim(work, [chore.name], lease_seconds=60)
    assert job is not None
    chore.run(Run(job, lambda: company.database.work(ROOT), lambda: False, lambda _work: None))
    assert company.recorded("policy.review_due") == []
    assert 0 < (chore.every_seconds or 0) <= 86_400
