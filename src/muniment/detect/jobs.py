"""Chores of detection: texts of cases go into the vault, and go when they were kept long enough."""

from __future__ import annotations

from muniment.detect.service.feedback import erase_due, keep_plain
from muniment.jobs import Chore, Run
from muniment.vault import Safe

_EVERY_SECONDS = 3_600


def chores(safe: Safe) -> tuple[Chore, ...]:
    """List the chores of this room."""

    def erase(_run: Run) -> None:
        erase_due(safe)

    def keep(_run: Run) -> None:
        keep_plain(safe)

    return (
        Chore("detect.erase", erase, _EVERY_SECONDS),
        Chore("detect.keep", keep, _EVERY_SECONDS),
    )
