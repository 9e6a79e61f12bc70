"""A process that turns, wraps anew or erases once, and kills itself with SIGKILL at a named step.

Arguments: data folder, database address or "-", what it does, the step, and the erasure's id.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from muniment import vault
from muniment.db import open_database
from muniment.ledger import Recorder
from muniment.testing import settings_for
from muniment.testing.vault import INES, Vaulted
from tests.ledger.faults.crashing import Steps
from tests.vault.faults.dying import doomed

REASON = "until it is killed"


class Killing(Steps):
    """Steps at one of which the whole process is gone, as the system takes it away."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where

    def step(self, name: str) -> None:
        """Pass one step, or be killed there."""
        if name == self.where:
            os.kill(os.getpid(), signal.SIGKILL)


def act(house: Vaulted, what: str, erasure: str) -> None:
    """Do what it is to be killed in the middle of."""
    if what == "rotate":
        vault.rotate(house.safe, INES, reason=REASON)
    elif what == "rewrap":
        vault.rewrap(house.safe, INES)
    else:
        with house.safe.database.work(INES) as work:
            vault.shred(work, house.safe, erasure)


def main(folder: str, url: str, what: str, where: str, erasure: str) -> None:
    """Do it once, and be killed."""
    settings = settings_for(Path(folder), "" if url == "-" else url)
    database = open_database(settings)
    database.recorder = Recorder(f"falling-{os.getpid()}")
    with doomed(database, settings, Killing(where)) as house:
        act(house, what, erasure)


if __name__ == "__main__":
    main(*sys.argv[1:6])
