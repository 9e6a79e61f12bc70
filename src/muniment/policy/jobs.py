"""Chores of policy: say once when a policy for people is due to be looked at again."""

from __future__ import annotations

from muniment.jobs import Chore, Run
from muniment.policy.service import tell_due

_EVERY_SECONDS = 3_600


def chores() -> tuple[Chore, ...]:
    """List the chores of this room."""

    def tell(run: Run) -> None:
        with run.work() as work:
            tell_due(work)

    return (Chore("policy.reviews_due", tell, _EVERY_SECONDS),)
