"""Chores of access run by the worker, each with its effect exactly once."""

from __future__ import annotations

from muniment import access
from muniment.access.jobs import chores
from muniment.jobs import JobState, Runner, counts, enqueue
from muniment.settings import Settings
from tests.access.company import SYSTEM, Company


def test_the_worker_does_the_chores(company: Company, settings: Settings) -> None:
    """A night's work, a look at reviews and all others run as jobs, with their effect."""
    ended = company.grant("ana", "builder", SYSTEM, ends_at=company.clock.now().replace(hour=13))
    company.clock.advance(2 * 3_600)
    names = [each.name for each in chores()]
    assert {"access.tidy", "access.reviews"} <= set(names)
    with company.work() as work:
        for name in names:
            enqueue(work, name, {})
    runner = Runner(
        company.database, settings, chores=chores(), followers=(), read=lambda _a, _b: ()
    )
    assert all(runner.run_one() for _ in names)
    with company.look() as work:
        assert counts(work)[JobState.DONE] == len(names)
        assert access.is_founded(work)
    assert company.recorded("access.grants_ended")[0]["body"]["grants"] == [ended.id]
