"""Chores of policy: tell when a policy for people is due; prune what was kept long enough."""

from __future__ import annotations

from muniment.jobs import Chore, Run
from muniment.policy.service import prune_facts, tell_due

_EVERY_SECONDS = 3_600


def chores(keep_facts_days: int) -> tuple[Chore, ...]:
    """List the chores of this room; facts of decisions are kept for so many days."""

    def tell(run: Run) -> None:
        with run.work() as work:
            tell_due(work)

    def prune(run: Run) -> None:
        pruned = 1
        while pruned:
            with run.work() as work:
                pruned = prune_facts(work, keep_facts_days)

    return (
        Chore("policy.reviews_due", tell, _EVERY_SECONDS),
        Chore("policy.prune_facts", prune, _EVERY_SECONDS),
    )
