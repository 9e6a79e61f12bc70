"""Chores of access: a nightly look at keys, grants and programs; reviews every hour."""

from __future__ import annotations

from muniment.access.service import look_after_reviews, tidy
from muniment.jobs import Chore, Run

_NIGHTLY_SECONDS = 24 * 3_600
_HOURLY_SECONDS = 3_600


def chores() -> tuple[Chore, ...]:
    """List the chores of access."""
    return (
        Chore("access.tidy", _tidy, _NIGHTLY_SECONDS),
        Chore("access.reviews", _reviews, _HOURLY_SECONDS),
    )


def _tidy(run: Run) -> None:
    with run.work() as work:
        tidy(work)
        run.finish(work)


def _reviews(run: Run) -> None:
    with run.work() as work:
        look_after_reviews(work)
        run.finish(work)
