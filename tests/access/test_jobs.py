"""Chores of access run by the worker, each with its effect exactly once."""

from __future__ import annotations

from muniment import access
from muniment.access import Feeds
from muniment.access.jobs import chores
from muniment.core.errors import UnavailableError
from muniment.jobs import Chore, JobState, Runner, counts, enqueue
from muniment.plugins.sockets import Right
from muniment.settings import Settings
from tests.access.company import SYSTEM, Company


class Elsewhere:
    """A feed of one right, or of none that can be told."""

    def __init__(self, *told: Right) -> None:
        self.told = told

    def rights(self) -> tuple[Right, ...]:
        """Tell it."""
        if not self.told:
            raise UnavailableError("it does not answer")
        return self.told


FEEDS = Feeds(
    {
        "a cloud": ("test", Elsewhere()),
        "grafana": ("test", Elsewhere(Right("ana@example.org", "Editor"))),
    }
)


def every() -> tuple[Chore, ...]:
    """Give every chore of an installation that has feeds."""
    return chores(FEEDS, 300)


def test_the_worker_does_the_chores(company: Company, settings: Settings) -> None:
    """A night's work, a look at reviews and all others run as jobs, with their effect."""
    ended = company.grant("ana", "builder", SYSTEM, ends_at=company.clock.now().replace(hour=13))
    company.clock.advance(2 * 3_600)
    names = [each.name for each in every()]
    assert {"access.tidy", "access.reviews"} <= set(names)
    with company.work() as work:
        for name in names:
            enqueue(work, name, {})
    runner = Runner(
        company.database, settings, chores=every(), followers=(), read=lambda _a, _b: ()
    )
    assert all(runner.run_one() for _ in names)
    with company.look() as work:
        assert counts(work)[JobState.DONE] == len(names)
        assert access.is_founded(work)
        assert [each.place for each in access.outside(work).rows] == ["grafana"]
    assert [each["body"]["place"] for each in company.recorded("access.outside_unread")] == [
        "a cloud"
    ]
    assert company.recorded("access.grants_ended")[0]["body"]["grants"] == [ended.id]
