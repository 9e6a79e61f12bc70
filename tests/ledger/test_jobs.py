"""The chores of the log do what they say."""

from __future__ import annotations

from muniment.core.actor import system_actor
from muniment.db import Database
from muniment.jobs import Runner
from muniment.ledger.jobs import chores
from muniment.settings import Settings
from muniment.testing.ledger import audit, opened_log, sealed_entries, write_records


def test_chores_are_named_and_timed_by_the_settings(database: Database, settings: Settings) -> None:
    """Each chore has a name of this room and the pause its setting gives."""
    with opened_log(database, settings) as log:
        found = {each.name: each for each in chores(log)}
    assert {"ledger.heartbeat", "ledger.reconcile", "ledger.prune"} <= set(found)
    assert Runner is not None


def test_reconciling_and_pruning_keep_the_log_sound(database: Database, settings: Settings) -> None:
    """What the chores do is recorded, and the log verifies after it."""
    with opened_log(database, settings) as log:
        log.seal()
        receipts = write_records(database, 3)
        log.seal()
        audit(log, receipts)
        from muniment.ledger import reconcile  # noqa: PLC0415 the verb behind the chore

        assert reconcile(log, system_actor("reconciler")).differences == ()
        assert log.prune() == 0
        log.seal()
        audit(log, receipts)
        kinds = [one["kind"] for one in sealed_entries(log.tiles.root, log.size())]
        assert kinds[-1] == "ledger.reconciled"
