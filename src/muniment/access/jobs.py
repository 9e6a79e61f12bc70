"""Chores of access: the numbers of refused sign-ins, and what is too old to keep."""

from __future__ import annotations

from typing import Final

from muniment.access.service import forget_old, record_refusals
from muniment.db import Database
from muniment.jobs import Chore, Run

_COUNT_EVERY_SECONDS: Final = 60
_FORGET_EVERY_SECONDS: Final = 3_600


def chores(database: Database) -> tuple[Chore, ...]:
    """List the chores of this room."""

    def count(_run: Run) -> None:
        record_refusals(database)

    def forget(_run: Run) -> None:
        forget_old(database)

    return (
        Chore("access.count_refusals", count, _COUNT_EVERY_SECONDS),
        Chore("access.forget_sign_ins", forget, _FORGET_EVERY_SECONDS),
    )
