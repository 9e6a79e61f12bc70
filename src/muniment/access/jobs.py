"""Chores of access: a nightly look at keys, grants and programs; reviews every hour.

The numbers of refused sign-ins are recorded each minute, what is too old to keep goes, and feeds
are asked for the rights in other systems.
"""

from __future__ import annotations

from contextlib import suppress

from muniment.access.service.chores import look_after_reviews, tidy
from muniment.access.service.feeds import Feeds, pull_outside
from muniment.access.service.guessing import forget_old, record_refusals
from muniment.core.errors import MunimentError
from muniment.jobs import Chore, Run

_NIGHTLY_SECONDS = 24 * 3_600
_HOURLY_SECONDS = 3_600
_MINUTELY_SECONDS = 60


def chores(feeds: Feeds, feeds_seconds: int) -> tuple[Chore, ...]:
    """List the chores of access."""

    def pull(run: Run) -> None:
        for place in feeds.places:
            with suppress(MunimentError):  # it is recorded, and the other places are asked still
                pull_outside(feeds, place, run.work, run.work)

    asking = (Chore("access.feeds", pull, feeds_seconds),) if feeds.places else ()
    return (
        *asking,
        Chore("access.tidy", _tidy, _NIGHTLY_SECONDS),
        Chore("access.reviews", _reviews, _HOURLY_SECONDS),
        Chore("access.refusals", _refusals, _MINUTELY_SECONDS),
        Chore("access.forget", _forget, _HOURLY_SECONDS),
    )


def _tidy(run: Run) -> None:
    with run.work() as work:
        tidy(work)
        run.finish(work)


def _reviews(run: Run) -> None:
    with run.work() as work:
        look_after_reviews(work)
        run.finish(work)


def _refusals(run: Run) -> None:
    with run.work() as work:
        record_refusals(work)
        run.finish(work)


def _forget(run: Run) -> None:
    with run.work() as work:
        forget_old(work)
        run.finish(work)
