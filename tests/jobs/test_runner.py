"""The runner: does what is to do, lets a failing job fail alone, and stops when told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, String, insert, select

from muniment.core.actor import system_actor
from muniment.core.clock import SystemClock
from muniment.core.errors import InvalidError
from muniment.db import Database, Work, exempt_table
from muniment.jobs import (
    Chore,
    Follower,
    Job,
    JobState,
    Run,
    Runner,
    claim,
    counts,
    enqueue,
    find,
    followers,
    get,
)
from muniment.jobs.follow import MAX_FAILURES
from muniment.jobs.queue import keep_lease
from muniment.settings import Settings
from muniment.testing import FixedClock, fresh_database, settings_for
from tests.jobs.test_follow import Said

TEST = system_actor("test")
LONGEST_SECONDS = 60
SHED = MetaData()
done = exempt_table(
    "test_done",
    Column("id", String(40), primary_key=True),
    Column("job", String(40)),
    reason="the effect of a job of a test",
    into=SHED,
)


@pytest.fixture
def shed(database: Database) -> Database:
    """A database with a table for the effects of jobs."""
    with database.machine() as connection:
        SHED.create_all(connection)
    return database


@pytest.fixture
def live(settings: Settings) -> Iterator[Database]:
    """The same with a clock that runs, for what happens in threads."""
    with fresh_database(settings, SystemClock()) as opened:
        with opened.machine() as connection:
            SHED.create_all(connection)
        yield opened


def quick(settings: Settings, **given: object) -> Settings:
    """Give settings of an impatient worker."""
    url = settings.database.url.reveal()
    return settings_for(settings.data.dir, url, **{"jobs.poll_ms": 20, **given})


def ask(database: Database, name: str = "dig", **given: Any) -> Job:
    """Enqueue a job."""
    with database.work(TEST) as work:
        return get(work, enqueue(work, name, **given))


def seen(database: Database, job: Job) -> Job:
    """Look a job up."""
    with database.look(TEST) as work:
        return get(work, job.id)


def effects(database: Database) -> list[str]:
    """List the jobs that took effect, once per effect."""
    with database.look(TEST) as work:
        return list(work.read(select(done.c.job)).scalars().all())


def leave_effect(work: Work, run: Run) -> None:
    """Take effect."""
    work.write(insert(done).values(id=work.new_id("eff"), job=run.job.id))


@contextmanager
def running(runner: Runner) -> Iterator[Runner]:
    """Run in threads for as long as the test lasts."""
    runner.start()
    try:
        yield runner
    finally:
        assert runner.stop(grace_seconds=LONGEST_SECONDS)


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + LONGEST_SECONDS
    while not condition():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.01)


def all_done(database: Database) -> bool:
    """Tell whether nothing is left to do."""
    with database.look(TEST) as work:
        found = counts(work)
    return found[JobState.QUEUED] == found[JobState.RUNNING] == 0


def test_a_job_is_done_once_and_only_then_finished(shed: Database, settings: Settings) -> None:
    """The runner gives the chore its payload, and marks the job done after it."""
    payloads = []

    def dig(run: Run) -> None:
        payloads.append(run.job.payload)
        assert seen(shed, run.job).state is JobState.RUNNING

    runner = Runner(shed, settings, [Chore("dig", dig)])
    job = ask(shed, payload={"deep": 2})
    assert [runner.run_one(), runner.run_one()] == [True, False]
    assert payloads == [{"deep": 2}]
    assert seen(shed, job).state is JobState.DONE


def test_a_job_may_finish_in_one_commit_with_its_effect(shed: Database, settings: Settings) -> None:
    """A chore that finishes within its own work takes effect exactly once."""

    def dig(run: Run) -> None:
        with run.work() as work:
            leave_effect(work, run)
            run.finish(work)

    job = ask(shed)
    assert Runner(shed, settings, [Chore("dig", dig)]).run_one()
    assert effects(shed) == [job.id]
    assert (seen(shed, job).state, seen(shed, job).attempts) == (JobState.DONE, 1)


def test_a_finish_that_is_rolled_back_is_none(
    shed: Database, settings: Settings, clock: FixedClock
) -> None:
    """If the work of the effect fails, the job is not done and is tried again."""
    fails = [True]

    def dig(run: Run) -> None:
        with run.work() as work:
            leave_effect(work, run)
            run.finish(work)
            if fails:
                raise InvalidError(str(fails.pop()))

    runner = Runner(shed, settings, [Chore("dig", dig)])
    job = ask(shed)
    assert runner.run_one()
    assert effects(shed) == []
    assert (seen(shed, job).state, seen(shed, job).last_error) == (JobState.QUEUED, "True")
    clock.advance(5)
    assert runner.run_one()
    assert effects(shed) == [job.id]
    assert seen(shed, job).state is JobState.DONE


def test_a_job_that_fails_after_it_finished_stays_done(shed: Database, settings: Settings) -> None:
    """What is finished is not given back by a later mistake."""

    def dig(run: Run) -> None:
        with run.work() as work:
            run.finish(work)
        raise RuntimeError

    job = ask(shed)
    assert Runner(shed, settings, [Chore("dig", dig)]).run_one()
    assert seen(shed, job).state is JobState.DONE


def test_a_worker_that_lost_its_lease_commits_nothing(
    shed: Database, settings: Settings, clock: FixedClock
) -> None:
    """Fenced: the effect of a worker that was too slow is rolled back, and its finish too."""
    others: list[Job | None] = []

    def dig(run: Run) -> None:
        clock.advance(settings.jobs.lease_seconds + 1)
        with shed.work(TEST) as work:
            others.append(claim(work, ["dig"], lease_seconds=60))
        with run.work() as work:
            leave_effect(work, run)

    job = ask(shed)
    assert Runner(shed, settings, [Chore("dig", dig)]).run_one()
    assert effects(shed) == []
    assert others == [seen(shed, job)]
    assert seen(shed, job).state is JobState.RUNNING


def test_a_failed_job_is_given_back_with_a_safe_reason(shed: Database, settings: Settings) -> None:
    """Our own errors tell their words, others only their name: they may hold content."""
    runner = Runner(shed, settings, [Chore("dig", fail_as_told)])
    ours, theirs = ask(shed, payload={"ours": True}), ask(shed, payload={"ours": False})
    assert [runner.run_one(), runner.run_one()] == [True, True]
    assert seen(shed, ours).last_error == "spade: broken Buy one."
    assert seen(shed, theirs).last_error == "ValueError"


def fail_as_told(run: Run) -> None:
    """Fail in one of two ways."""
    if run.job.payload["ours"]:
        raise InvalidError("broken", field="spade", remedy="Buy one.")
    raise ValueError("a secret word")


def test_threads_do_all_there_is_and_failing_jobs_fail_alone(
    live: Database, settings: Settings
) -> None:
    """A job that fails holds up nobody: everything else is done, exactly once."""

    def dig(run: Run) -> None:
        if run.job.payload["n"] % 5 == 0:
            raise RuntimeError
        with run.work() as work:
            leave_effect(work, run)
            run.finish(work)

    jobs = [ask(live, payload={"n": n}, max_attempts=1) for n in range(30)]
    with running(Runner(live, quick(settings), [Chore("dig", dig)])) as runner:
        wait_for(lambda: all_done(live))
        assert runner.alive()
    assert not runner.alive()
    good = [job.id for job in jobs if job.payload["n"] % 5]
    assert sorted(effects(live)) == sorted(good)
    with live.look(TEST) as work:
        assert len(find(work, state=JobState.PARKED).rows) == 6


def test_planned_chores_run_by_themselves(live: Database, settings: Settings) -> None:
    """A chore with an interval is done at the start, as a job with the configured tries."""

    def dig(run: Run) -> None:
        with run.work() as work:
            leave_effect(work, run)

    chores = [Chore("dig", dig, every_seconds=3_600)]
    with running(Runner(live, quick(settings, **{"jobs.max_attempts": 9}), chores)):
        wait_for(lambda: len(effects(live)) == 1 and all_done(live))
    with live.look(TEST) as work:
        (job,) = find(work).rows
    assert (job.name, job.state, job.max_attempts) == ("dig", JobState.DONE, 9)


def test_a_long_job_keeps_its_lease(live: Database, settings: Settings) -> None:
    """As long as its worker lives, a job longer than its lease is not done by two."""
    begun = []

    def dig(run: Run) -> None:
        begun.append(run.job.attempts)
        time.sleep(2.5)

    ask(live)
    short = quick(settings, **{"jobs.lease_seconds": 1, "jobs.poll_ms": 60_000})
    with running(Runner(live, short, [Chore("dig", dig)])):
        wait_for(lambda: bool(begun))
        other = Runner(live, short, [Chore("dig", dig)])
        until = time.monotonic() + 2
        while time.monotonic() < until:
            assert not other.run_one()
            time.sleep(0.1)
        wait_for(lambda: all_done(live))
    assert begun == [1]


def test_keeping_a_lease_does_not_wait_for_the_work_of_the_job(
    live: Database, settings: Settings
) -> None:
    """While a job's own work holds its row on PostgreSQL, the other jobs' leases are kept."""
    if live.dialect == "sqlite":
        pytest.skip("SQLite has one writer; a work there is short by design")
    ask(live)
    with live.work(TEST) as work:
        job = claim(work, ["dig"], lease_seconds=60)
    assert job is not None
    runner = Runner(live, settings, [])
    with runner._held_work(TEST, job), live.work(TEST) as beside:
        keep_lease(beside, job, lease_seconds=60)


def test_stopping_lets_running_jobs_finish(live: Database, settings: Settings) -> None:
    """A job that runs when the worker is asked to stop is finished, and no other is begun."""
    begun, go_on = threading.Event(), threading.Event()

    def dig(run: Run) -> None:
        begun.set()
        assert go_on.wait(LONGEST_SECONDS)
        assert run.stopping()
        with run.work() as work:
            run.finish(work)

    jobs = [ask(live), ask(live)]
    runner = Runner(live, quick(settings, **{"jobs.threads": 1}), [Chore("dig", dig)])
    runner.start()
    assert begun.wait(LONGEST_SECONDS)
    runner.ask_to_stop()
    runner.wait()
    go_on.set()
    assert runner.stop(grace_seconds=LONGEST_SECONDS)
    states = sorted(seen(live, job).state for job in jobs)
    assert states == [JobState.DONE, JobState.QUEUED]


@dataclass
class Lamp:
    """Something that runs beside a worker."""

    lit: bool = False

    def start(self) -> None:
        self.lit = True

    def stop(self, *, grace_seconds: float) -> bool:
        del grace_seconds
        self.lit = False
        return True

    def alive(self) -> bool:
        return self.lit


def test_a_worker_that_begins_later_is_alive_and_begins(live: Database, settings: Settings) -> None:
    """Whoever goes first has the processor; then jobs are done and what runs beside is begun."""
    ask(live)
    lamp = Lamp()
    chores = [Chore("dig", lambda _run: None)]
    runner = Runner(live, quick(settings), chores, beside=[lamp])
    runner.start(after_seconds=0.05)
    assert runner.alive()
    wait_for(lambda: all_done(live) and lamp.lit)
    assert runner.alive()
    lamp.lit = False
    assert not runner.alive(), "what should run beside it does not"
    assert runner.stop(grace_seconds=LONGEST_SECONDS)


def test_a_worker_that_is_stopped_before_it_began_does_nothing(
    live: Database, settings: Settings
) -> None:
    """A stop that comes first is heard at once, and nothing is begun after it."""
    job, lamp = ask(live), Lamp()
    runner = Runner(live, quick(settings), [Chore("dig", lambda _run: None)], beside=[lamp])
    runner.start(after_seconds=3_600)
    assert runner.stop(grace_seconds=LONGEST_SECONDS)
    assert seen(live, job).state is JobState.QUEUED
    assert not lamp.lit


def test_stopping_does_not_wait_beyond_the_grace(live: Database, settings: Settings) -> None:
    """What does not end in time is left, and the caller is told; its lease runs out."""
    begun, go_on = threading.Event(), threading.Event()

    def dig(_run: Run) -> None:
        begun.set()
        assert go_on.wait(LONGEST_SECONDS)

    for _ in range(4):
        ask(live)
    runner = Runner(live, quick(settings, **{"jobs.threads": 4}), [Chore("dig", dig)])
    runner.start()
    assert begun.wait(LONGEST_SECONDS)
    assert not runner.stop(grace_seconds=0.2)
    assert runner.stop(grace_seconds=0) is False
    go_on.set()
    assert runner.stop(grace_seconds=LONGEST_SECONDS)


def test_followers_move_and_a_failing_one_stops_alone(
    live: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A follower that fails from its first entry on stops visibly; the other hears everything."""
    monkeypatch.setattr("muniment.jobs.follow.retry_delay", lambda _failures: timedelta(0))
    heard: list[int] = []
    log = [Said(index, "room.opened") for index in range(20)]
    good = Follower("good", ("room.*",), lambda _work, entry: heard.append(entry.index))
    bad = Follower("bad", ("room.*",), fail_always)
    runner = Runner(
        live,
        quick(settings),
        [],
        [bad, good],
        lambda first, limit: log[first : first + limit],
    )

    def settled() -> bool:
        with live.look(TEST) as work:
            found = {each.name: each for each in followers(work)}
        return len(found) == 2 and bool(found["bad"].stopped) and found["good"].next_index == 20

    with running(runner):
        wait_for(settled)
        assert runner.alive()
    assert heard == list(range(20))
    with live.look(TEST) as work:
        (stopped, _) = followers(work)
    assert (stopped.failures, stopped.next_index) == (MAX_FAILURES, 0)
    assert stopped.stopped == "RuntimeError"


def fail_always(_work: Work, _entry: object) -> None:
    """Fail."""
    raise RuntimeError


def test_a_database_that_is_away_for_a_while_does_not_end_the_worker(
    live: Database, settings: Settings
) -> None:
    """Rounds that fail are told in the log; when the table is back, the work goes on."""
    away = "ALTER TABLE jobs RENAME TO jobs_away"
    back = "ALTER TABLE jobs_away RENAME TO jobs"
    with running(Runner(live, quick(settings), [Chore("dig", lambda _run: None)])) as runner:
        with live.machine() as connection:
            connection.exec_driver_sql(away)
        time.sleep(0.3)
        assert runner.alive()
        with live.machine() as connection:
            connection.exec_driver_sql(back)
        job = ask(live)
        wait_for(lambda: seen(live, job).state is JobState.DONE)
