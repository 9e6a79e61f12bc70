"""Chores of the log: heartbeats, reconciliation, pruning of what is sealed."""

from __future__ import annotations

from muniment.core.actor import system_actor
from muniment.jobs import Chore, Run
from muniment.ledger.kinds import Heartbeat
from muniment.ledger.service import Log, check, reconcile, record

_ACTOR = system_actor("reconciler")
_PRUNE_EVERY_SECONDS = 3_600
_VERIFY_EVERY_SECONDS = 3_600


def chores(log: Log) -> tuple[Chore, ...]:
    """List the chores of this log."""
    settings = log.settings.ledger

    def beat(run: Run) -> None:
        with run.work() as work:
            record(work, Heartbeat(log.producer, settings.heartbeat_seconds))

    def compare(_run: Run) -> None:
        reconcile(log, _ACTOR)

    def prune(_run: Run) -> None:
        log.prune()

    def verify(_run: Run) -> None:
        check(log)

    return (
        Chore("ledger.verify", verify, _VERIFY_EVERY_SECONDS),
        Chore("ledger.heartbeat", beat, settings.heartbeat_seconds),
        Chore("ledger.reconcile", compare, settings.reconcile_seconds),
        Chore("ledger.prune", prune, _PRUNE_EVERY_SECONDS),
    )
