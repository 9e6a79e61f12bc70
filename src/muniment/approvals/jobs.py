"""Chores of approvals: end what ran out, pass up what waits, remind."""

from __future__ import annotations

from muniment.approvals.service import remind, run_due
from muniment.jobs import Chore, Run

_EVERY_SECONDS = 30


def chores() -> tuple[Chore, ...]:
    """List the chores of this room."""

    def move(run: Run) -> None:
        with run.work() as work:
            run_due(work)

    def tell(run: Run) -> None:
        with run.work() as work:
            remind(work)

    return (
        Chore("approvals.due", move, _EVERY_SECONDS),
        Chore("approvals.remind", tell, _EVERY_SECONDS),
    )
