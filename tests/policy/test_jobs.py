"""The chores of policy."""

from __future__ import annotations

from muniment import jobs, policy
from muniment.jobs import Run
from muniment.policy.jobs import chores
from tests.approvals.people import ROOT
from tests.policy.company import ALLOW, Company
from tests.policy.judging import facts


def test_the_chore_runs_in_its_own_work(company: Company) -> None:
    """With nothing due it tells nobody, and it comes at least once a day."""
    chore, _ = chores(30)
    with company.database.work(ROOT) as work:
        jobs.enqueue(work, chore.name, {})
    with company.database.work(ROOT) as work:
        job = jobs.claim(work, [chore.name], lease_seconds=60)
    assert job is not None
    chore.run(Run(job, lambda: company.database.work(ROOT), lambda: False, lambda _work: None))
    assert company.recorded("policy.review_due") == []
    assert 0 < (chore.every_seconds or 0) <= 86_400


def test_old_facts_are_pruned_in_turn(company: Company) -> None:
    """The chore prunes until nothing old enough is left; with nought days it prunes none."""
    company.enforce(ALLOW)
    company.later(1)
    kept = company.decide(facts("CREDIT_CARD"))
    company.later(86_400 * 31)
    for days, pruned in ((0, 0), (30, 1)):
        _, chore = chores(days)
        with company.database.work(ROOT) as work:
            jobs.enqueue(work, chore.name, {})
        with company.database.work(ROOT) as work:
            job = jobs.claim(work, [chore.name], lease_seconds=60)
        assert job is not None
        chore.run(Run(job, lambda: company.database.work(ROOT), lambda: False, lambda _work: None))
        with company.database.work(ROOT) as work:
            jobs.finish(work, job)
        assert len(company.recorded("policy.facts_pruned")) == pruned
    with company.by("bo") as work:
        assert policy.replay(work, kept.id).verdict == "could_not_tell"
