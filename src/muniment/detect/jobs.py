"""Chores of detection: texts of cases that were kept long enough are erased."""

from __future__ import annotations

from muniment.db import Database
from muniment.detect.service.feedback import erase_due
from muniment.jobs import Chore, Run

_EVERY_SECONDS = 3_600


def chores(database: Database) -> tuple[Chore, ...]:
    """List the chores of this room."""

    def erase(_run: Run) -> None:
        erase_due(database)

    return (Chore("detect.erase", erase, _EVERY_SECONDS),)
