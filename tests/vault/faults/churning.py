"""A process that keeps, turns, wraps anew and erases without end, to be killed by a test.

It says on standard output what is durable, a line each: `kept` with a reference, or `erased` with a
subject. Arguments: data folder, database address or "-", and a word that its subjects begin with.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from muniment import vault
from muniment.db import open_database
from muniment.ledger import Recorder
from muniment.testing import settings_for
from muniment.testing.vault import INES, opened_vault

REASON = "until it is killed"


def main(folder: str, url: str, word: str) -> None:
    """Churn until killed."""
    settings = settings_for(Path(folder), "" if url == "-" else url)
    database = open_database(settings)
    database.recorder = Recorder(f"churner-{word}")
    with opened_vault(database, settings) as house:
        for number in range(1_000_000):
            subject = f"sub_{word}{number:012}"
            with database.work(INES) as work:
                held = vault.put_many(
                    work, house.safe, [b"one", b"two"], classification="internal", subject=subject
                )
            for one in held:
                say("kept", json.dumps([subject, one.as_reference()]))
            if number % 3 == 0:
                vault.rotate(house.safe, INES, reason=REASON)
                vault.rewrap(house.safe, INES)
            if number % 2 == 0:
                say("erasing", subject)
                with database.work(INES) as work:
                    asked = vault.ask_shred(work, house.safe, subject=subject, reason=REASON)
                    vault.shred(work, house.safe, asked.id)
                say("erased", subject)


def say(what: str, about: str) -> None:
    """Tell what is durable."""
    sys.stdout.write(f"{what} {about}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:4])
