"""Chores of access: a nightly look at keys, grants and programs; reviews every hour.

The numbers of refused sign-ins are recorded each minute, what is too old to keep goes, and feeds
are asked for the rights in other systems.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from muniment.access.service.chores import look_after_reviews, tidy
from muniment.access.service.feeds import NOT_TOLD, Feeds, pull_outside
from muniment.access.service.guessing import forget_old, record_refusals
from muniment.db import Work
from muniment.jobs import Chore, Run

_NIGHTLY_SECONDS = 24 * 3_600
_HOURLY_SECONDS = 3_600
_MINUTELY_SECONDS = 60


def chores(feeds: Feeds, feeds_seconds: int) -> tuple[Chore, ...]:
    """List the chores of access."""

    def pull(run: Run) -> None:
        for place in feeds.places:
            with suppress(*NOT_TOLD):  # it is recorded, and the other places are asked still
                pull_outside(feeds, place, run.work, run.work)

    asking = (Chore("access.feeds", pull, feeds_seconds),) if feeds.places else ()
    return (
        *asking,
        Chore("access.tidy", _finishing(tidy), _NIGHTLY_SECONDS),
        Chore("access.reviews", _finishing(look_after_reviews), _HOURLY_SECONDS),
        Chore("access.refusals", _finishing(record_refusals), _MINUTELY_SECONDS),
        Chore("access.forget", _finishing(forget_old), _HOURLY_SECONDS),
    )


def _finishing(verb: Callable[[Work], object]) -> Callable[[Run], None]:
    """Give a chore that does one thing and is done with it, in the same transaction."""

    def run_once(run: Run) -> None:
        with run.work() as work:
            verb(work)
            run.finish(work)

    return run_once
