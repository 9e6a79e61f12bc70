"""Thousands of jobs, four workers, two of them killed: every effect happens exactly once."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from muniment.core.actor import system_actor
from muniment.db import Database, Work
from muniment.jobs import JobState, counts, enqueue
from muniment.settings import Settings
from tests.jobs.pickers import BASKETS, picked

ROOT = Path(__file__).resolve().parent.parent.parent
JOBS = 10_000
LONGEST_SECONDS = 600


@contextmanager
def pickers(settings: Settings, names: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Start a worker process for each letter, and leave none behind."""
    command = [sys.executable, "-m", "tests.jobs.pickers", str(settings.data.dir)]
    command.append(settings.database.url.reveal())
    started = [subprocess.Popen([*command, name], cwd=ROOT) for name in names]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()


def count_picked(database: Database, picker: str = "") -> int:
    """Count the effects so far: all of them, or those of one worker."""
    asked = select(func.count()).select_from(picked)
    if picker:
        asked = asked.where(picked.c.picker == picker)
    with database.look(system_actor("test")) as work:
        return int(work.read(asked).scalar_one())


def wait_until_picked(database: Database, wanted: int, picker: str) -> None:
    """Wait until so many effects stand, and some of them are of this worker."""
    until = time.monotonic() + LONGEST_SECONDS
    while count_picked(database) < wanted or not count_picked(database, picker):
        assert time.monotonic() < until, f"only {count_picked(database)} after a long time"
        time.sleep(0.5)


def fill(work: Work, count: int) -> None:
    """Ask for all the work there is to do."""
    for number in range(count):
        enqueue(work, "pick", {"apple": f"apple-{number}"}, key=f"apple-{number}")


@pytest.mark.slow
def test_each_job_takes_effect_exactly_once_though_workers_die(
    database: Database, settings: Settings
) -> None:
    """No job is lost and none is done twice, while two of four workers are killed at work."""
    with database.machine() as connection:
        BASKETS.create_all(connection)
    with database.work(system_actor("test")) as work:
        fill(work, JOBS)
    with database.machine() as connection:  # as a server does by itself within a minute
        connection.exec_driver_sql("ANALYZE jobs")
    with pickers(settings, "abcd") as processes:
        for name, victim, wanted in zip("ab", processes, (JOBS // 4, JOBS // 2), strict=False):
            wait_until_picked(database, wanted, name)
            victim.send_signal(signal.SIGKILL)
            assert victim.wait() == -signal.SIGKILL
        assert [process.wait(LONGEST_SECONDS) for process in processes[2:]] == [0, 0]
    with database.look(system_actor("test")) as work:
        often = func.count().label("often")
        by_apple = work.read(select(picked.c.apple, often).group_by(picked.c.apple)).all()
        by_picker = work.read(select(picked.c.picker).distinct()).scalars().all()
        states = counts(work)
    assert {row.often for row in by_apple} == {1}
    assert len(by_apple) == JOBS
    assert sorted(by_picker) == ["a", "b", "c", "d"]
    assert states == {**dict.fromkeys(JobState, 0), JobState.DONE: JOBS}
