"""A process that does one request under a name, and is killed before, between and after its writes.

It forks itself for every step, so that each killing need not load everything anew, and prints how
each child ended.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from muniment.db import Work, open_database
from muniment.ledger import Recorder
from muniment.testing import settings_for
from tests.db.test_once import rain

MOST_STEPS = 20


def killed_at(folder: str, url: str, step: int) -> None:
    """Do it, and die without a word at the given write or, after all of them, at the commit."""
    left = [step]

    def dying(whole: Any) -> Any:
        def write(*arguments: Any) -> Any:
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            return whole(*arguments)

        return write

    for name in ("write", "insert_if_absent"):
        setattr(Work, name, dying(getattr(Work, name)))
    database = open_database(settings_for(Path(folder), url))
    database.recorder = Recorder("rainmaker")
    rain(database, before_commit=dying(lambda: None))


def main(folder: str, url: str) -> None:
    """Kill it at each step, until it goes through."""
    for step in range(MOST_STEPS):
        child = os.fork()
        if child == 0:
            killed_at(folder, url, step)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        done = os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0
        sys.stdout.write(f"{'done' if done else os.WTERMSIG(status)}\n")
        if done:
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
