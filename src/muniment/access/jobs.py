"""Chores of access: refused sign-ins counted, a nightly look at keys and grants, reviews hourly."""

from __future__ import annotations

from typing import Final

from muniment.access.service import forget_old, look_after_reviews, record_refusals, tidy
from muniment.db import Database
from muniment.jobs import Chore, Run

_COUNT_EVERY_SECONDS: Final = 60
_HOURLY_SECONDS: Final = 3_600
_NIGHTLY_SECONDS: Final = 24 * 3_600


def chores(database: Database) -> tuple[Chore, ...]:
    """List the chores of this room."""

    def count(_run: Run) -> None:
        record_refusals(database)

    def forget(_run: Run) -> None:
        forget_old(database)

    return (
        Chore("access.count_refusals", count, _COUNT_EVERY_SECONDS),
        Chore("access.forget_sign_ins", forget, _HOURLY_SECONDS),
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
