"""A worker of its own process that picks apples, each exactly once, for the test that kills it."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from sqlalchemy import Column, MetaData, String, insert

from muniment.core.actor import system_actor
from muniment.db import exempt_table, open_database
from muniment.jobs import Chore, JobState, Run, Runner, counts
from muniment.testing import settings_for

BASKETS = MetaData()
picked = exempt_table(
    "test_picked",
    Column("id", String(40), primary_key=True),
    Column("apple", String(40), nullable=False, index=True),
    Column("picker", String(10), nullable=False),
    reason="it only counts for a test how often a job took effect",
    into=BASKETS,
)
LEASE_SECONDS = 3


def main(folder: str, url: str, name: str) -> None:
    """Pick until nothing is left to pick."""
    settings = settings_for(
        Path(folder),
        url,
        **{"jobs.threads": 1, "jobs.poll_ms": 50, "jobs.lease_seconds": LEASE_SECONDS},
    )
    database = open_database(settings)

    def pick(run: Run) -> None:
        with run.work() as work:
            row = {"id": work.new_id("pick"), "apple": run.job.payload["apple"], "picker": name}
            work.write(insert(picked).values(row))
            run.finish(work)

    runner = Runner(database, settings, [Chore("pick", pick)])
    runner.start()
    while runner.alive():
        time.sleep(1)
        with database.look(system_actor("test")) as work:
            left = counts(work)
        if not left[JobState.QUEUED] and not left[JobState.RUNNING]:
            break
    runner.stop(grace_seconds=10)
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
