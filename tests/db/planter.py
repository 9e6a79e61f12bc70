"""A process that plants trees as fast as it can until it is killed, for the crash test.

It forks the planter from itself, so that each of many killings need not load everything anew.
"""

from __future__ import annotations

import os
import sys
from itertools import count
from pathlib import Path

from sqlalchemy import delete, insert, update

from muniment.db import Database, open_database
from muniment.ledger import Recorder
from muniment.testing import settings_for
from tests.db.orchard import GARDENER, grafts, note, trees


def plant(database: Database, number: int) -> None:
    """Change several rows of two tables in one work."""
    with database.work(GARDENER) as work:
        tree = work.new_id("tree")
        work.write(insert(trees).values(id=tree, height=number))
        work.write(insert(grafts), [{"tree": tree, "stock": str(n)} for n in range(3)])
        note(work, ("test_trees",), kind="orchard.planted")
        work.write(update(trees).where(trees.c.height < number - 5).values(name=None, bark=b"b"))
        work.write(delete(trees).where(trees.c.height < number - 9))
        note(work, ("test_grafts",), kind="orchard.grafted")


def plant_on(folder: str, url: str) -> None:
    """Plant until somebody ends it."""
    database = open_database(settings_for(Path(folder), url))
    database.recorder = Recorder("planter")
    for number in count():
        plant(database, number)
        os.write(1, b".")


def main(folder: str, url: str) -> None:
    """Start a planter for every line on standard input, and tell its process id."""
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            plant_on(folder, url)
        os.write(1, f"{child}\n".encode())
        os.waitpid(child, 0)
        os.write(1, b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
