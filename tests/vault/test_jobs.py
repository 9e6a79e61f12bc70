"""The chore of the vault is run by the worker like any other."""

from __future__ import annotations

from typing import cast

from muniment import vault
from muniment.jobs import Run
from muniment.testing.vault import INES, SUBJECT, Vaulted
from muniment.vault import jobs


def test_the_chore_sweeps(vaulted: Vaulted) -> None:
    """Run once, it removes what an erasure left behind."""
    with vaulted.database.work(INES) as work:
        vault.put(work, vaulted.safe, b"x", classification="internal", subject=SUBJECT)
    with vaulted.database.work(INES) as work:
        asked = vault.ask_shred(work, vaulted.safe, subject=SUBJECT, reason="they asked us to")
        vault.shred(work, vaulted.safe, asked.id)
    (chore,) = jobs.chores(vaulted.safe)
    assert chore.every_seconds == vaulted.safe.settings.sweep_seconds
    chore.run(cast("Run", None))
    assert vault.status(vaulted.safe, INES).objects == 0
