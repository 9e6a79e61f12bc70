"""The queue: taken by one, kept by its lease, tried again, parked for a person."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.core.ids import JobId
from muniment.db import Database, Work
from muniment.jobs import (
    Job,
    JobState,
    LeaseLostError,
    claim,
    counts,
    enqueue,
    enqueue_due,
    fail,
    find,
    finish,
    get,
    heartbeat,
    plan,
    sweep,
    unpark,
)
from muniment.jobs.queue import any_due, jobs_table, keep_lease, schedules_table
from muniment.testing import FixedClock

WORKER = system_actor("worker")
LEASE = 60


def put(database: Database, name: str = "dig", **given: object) -> JobId:
    """Enqueue a job."""
    with database.work(WORKER) as work:
        return enqueue(work, name, {"n": 1}, **given)  # type: ignore[arg-type]  # passed on


def take(database: Database, *names: str) -> Job | None:
    """Claim the next job."""
    with database.work(WORKER) as work:
        return claim(work, names or ("dig",), lease_seconds=LEASE)


def taken(database: Database, *names: str) -> Job:
    """Claim the next job, of which there is one."""
    job = take(database, *names)
    assert job is not None
    return job


def change(database: Database, call: Callable[[Work], object]) -> None:
    """Do one thing as one work."""
    with database.work(WORKER) as work:
        call(work)


def seen(database: Database, job_id: str) -> Job:
    """Look a job up."""
    with database.look(WORKER) as work:
        return get(work, JobId(job_id))


def at_once(calls: list[Callable[[], object]]) -> list[object]:
    """Call each in a thread of its own, all at the same moment."""
    barrier = threading.Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(place: int) -> None:
        barrier.wait()
        results[place] = calls[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_job_is_found_as_it_was_put(database: Database, clock: FixedClock) -> None:
    """What is asked for stands in the queue until somebody takes it."""
    job = seen(database, put(database))
    assert (job.name, job.payload, job.state) == ("dig", {"n": 1}, JobState.QUEUED)
    assert (job.attempts, job.run_at, job.created_at) == (0, clock.now(), clock.now())


def test_a_job_of_a_work_that_fails_was_never_asked_for(database: Database) -> None:
    """A promise made in a work that is rolled back is not made."""

    def ask_and_fail(work: Work) -> None:
        enqueue(work, "dig")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        change(database, ask_and_fail)
    assert take(database) is None


def test_a_key_makes_a_job_once(database: Database) -> None:
    """Whoever asks twice under one key is told the same job."""
    first = put(database, key="today")
    assert put(database, key="today") == first
    assert put(database, key="tomorrow") != first
    finished = taken(database)
    change(database, lambda work: finish(work, finished))
    assert put(database, key="today") == first


def test_a_key_makes_a_job_once_also_under_concurrency(database: Database) -> None:
    """Eight that ask at the same moment make one job, and all are told which."""
    ids = at_once([lambda: put(database, key="one")] * 8)
    assert len(set(ids)) == 1
    with database.look(WORKER) as work:
        assert counts(work)[JobState.QUEUED] == 1


def test_jobs_are_taken_in_the_order_of_their_time(database: Database, clock: FixedClock) -> None:
    """Who waits longest is first, nobody before their time, and other names are left alone."""
    late = put(database, run_at=clock.now() + timedelta(seconds=10))
    first = put(database, run_at=clock.now() - timedelta(seconds=2))
    second = put(database, run_at=clock.now() - timedelta(seconds=1))
    put(database, "other")
    assert [taken(database).id, taken(database).id, take(database)] == [first, second, None]
    assert take(database, "nobody") is None
    with database.work(WORKER) as work:
        assert claim(work, (), lease_seconds=LEASE) is None
    clock.advance(10)
    assert taken(database).id == late


def test_one_job_is_taken_by_one_worker(database: Database) -> None:
    """Of eight that reach for one job at once, one gets it."""
    put(database)
    found = at_once([lambda: take(database)] * 8)
    assert len([job for job in found if job is not None]) == 1


def test_each_of_many_jobs_is_taken_once(database: Database) -> None:
    """Four workers empty the queue together, and no job is in two hands."""
    ids = {put(database) for _ in range(40)}

    def empty() -> list[str]:
        found: list[str] = []
        while (job := take(database)) is not None:
            found.append(job.id)
        return found

    lists = at_once([empty] * 4)
    every = [job_id for each in lists for job_id in each]  # type: ignore[attr-defined]  # lists
    assert sorted(every) == sorted(ids)


def test_a_stale_lease_is_taken_over(database: Database, clock: FixedClock) -> None:
    """A worker that fell silent loses its job to another, and only then."""
    put(database)
    first = taken(database)
    clock.advance(LEASE)
    assert take(database) is None
    clock.advance(0.001)
    second = taken(database)
    assert (second.id, second.attempts) == (first.id, 2)
    assert second.lease_token != first.lease_token


LATE_WORDS: dict[str, Callable[[Work, Job], None]] = {
    "finish": finish,
    "fail": lambda work, job: fail(work, job, "broken"),
    "heartbeat": lambda work, job: heartbeat(work, job, lease_seconds=LEASE),
    "keep": lambda work, job: keep_lease(work, job, lease_seconds=LEASE),
}


@pytest.mark.parametrize("word", LATE_WORDS)
def test_whoever_lost_the_lease_changes_nothing(
    database: Database, clock: FixedClock, word: str
) -> None:
    """A worker that wakes late can neither finish, nor fail, nor keep what is another's."""
    put(database)
    first = taken(database)
    clock.advance(LEASE + 1)
    second = taken(database)
    with pytest.raises(LeaseLostError, match=f"taken job {first.id} over.*lease_seconds"):
        change(database, lambda work: LATE_WORDS[word](work, first))
    assert seen(database, first.id) == second
    change(database, lambda work: finish(work, second))
    with pytest.raises(LeaseLostError):
        change(database, lambda work: LATE_WORDS[word](work, second))


def test_a_heartbeat_keeps_the_job(database: Database, clock: FixedClock) -> None:
    """As long as a worker shows it is alive, nobody takes its job."""
    put(database)
    job = taken(database)
    for word in (heartbeat, keep_lease):
        clock.advance(LEASE - 1)
        with database.work(WORKER) as work:
            word(work, job, lease_seconds=LEASE)
        assert take(database) is None
    assert seen(database, job.id).lease_until == clock.now() + timedelta(seconds=LEASE)


def test_a_finished_job_is_done(database: Database, clock: FixedClock) -> None:
    """What is done says when, and is not taken again."""
    put(database)
    job = taken(database)
    clock.advance(5)
    change(database, lambda work: finish(work, job))
    done = seen(database, job.id)
    assert (done.state, done.finished_at, done.last_error) == (JobState.DONE, clock.now(), "")
    clock.advance(10 * LEASE)
    assert take(database) is None


def test_a_failed_job_is_tried_again_later_each_time(database: Database, clock: FixedClock) -> None:
    """Tries are further and further apart, and the last one parks the job with its reason."""
    put(database, max_attempts=3)
    for delay in (5, 10):
        job = taken(database)
        change(database, lambda work, job=job: fail(work, job, "no shovel"))  # type: ignore[misc]
        assert seen(database, job.id).state is JobState.QUEUED
        clock.advance(delay - 0.001)
        assert take(database) is None
        clock.advance(0.001)
    job = taken(database)
    change(database, lambda work: fail(work, job, "still no shovel"))
    parked = seen(database, job.id)
    assert (parked.state, parked.attempts) == (JobState.PARKED, 3)
    assert parked.last_error == "still no shovel"
    clock.advance(10**6)
    assert take(database) is None


def test_a_job_that_kills_its_workers_is_parked(database: Database, clock: FixedClock) -> None:
    """A job after which no worker ever answers stops being tried, and holds up nobody else."""
    poison = put(database, max_attempts=2)
    for _ in range(2):
        assert taken(database).id == poison
        clock.advance(LEASE + 1)
    other = put(database)
    assert taken(database).id == other
    parked = seen(database, poison)
    assert parked.state is JobState.PARKED
    assert parked.last_error == "the worker died 2 times while doing it"


@pytest.mark.parametrize("reason", ["", "a\0b", "half \ud800", "x" * 10_000])
def test_any_reason_can_be_kept(database: Database, reason: str) -> None:
    """Whatever text an error holds, its job is given back, on both databases."""
    put(database)
    job = taken(database)
    change(database, lambda work: fail(work, job, reason))
    kept = seen(database, job.id).last_error
    assert 1 <= len(kept) <= 500


def test_a_parked_job_gets_all_its_tries_again(database: Database, clock: FixedClock) -> None:
    """A person starts a parked job again, and whoever held it before stays out."""
    put(database, max_attempts=1)
    job = taken(database)
    change(database, lambda work: fail(work, job, "broken"))
    clock.advance(100)
    change(database, lambda work: unpark(work, job.id))
    again = taken(database)
    assert (again.id, again.attempts) == (job.id, 1)
    with pytest.raises(LeaseLostError):
        change(database, lambda work: finish(work, job))


def test_only_a_parked_job_is_unparked(database: Database) -> None:
    """A job in any other state, and one that is not there, are refused with the reason."""
    job_id = put(database)
    with pytest.raises(ConflictError, match=r"is queued, not parked"):
        change(database, lambda work: unpark(work, job_id))
    with pytest.raises(NotFoundError, match=r"no job job_none.*jobs list"):
        change(database, lambda work: unpark(work, JobId("job_none")))


def test_a_plan_is_due_at_once_and_then_at_its_interval(
    database: Database, clock: FixedClock
) -> None:
    """A planned chore runs when its time comes, and what was missed is made up once."""
    change(database, lambda work: plan(work, "dig", 100))
    assert due(database) == 1
    assert due(database) == 0
    clock.advance(99)
    assert due(database) == 0
    clock.advance(1)
    assert due(database) == 1
    clock.advance(1_000_050)
    assert (due(database), due(database)) == (1, 0)
    clock.advance(49.9)
    assert due(database) == 0
    clock.advance(0.1)
    assert due(database) == 1


def due(database: Database) -> int:
    """Enqueue what is due."""
    with database.work(WORKER) as work:
        return enqueue_due(work, ["dig"])


def test_a_plan_is_changed_by_its_new_interval_only(database: Database, clock: FixedClock) -> None:
    """A restart does not move a plan; another interval begins anew."""
    change(database, lambda work: plan(work, "dig", 100))
    assert due(database) == 1
    clock.advance(50)
    change(database, lambda work: plan(work, "dig", 100))
    assert due(database) == 0
    change(database, lambda work: plan(work, "dig", 10))
    assert due(database) == 1
    with database.look(WORKER) as work:
        assert not any_due(work, ["dig"])
        assert work.read(select(schedules_table.c.every_seconds)).scalars().all() == [10]


def test_two_workers_plan_one_run(database: Database) -> None:
    """However many workers look at the plan at once, one job comes of it."""
    change(database, lambda work: plan(work, "dig", 100))
    assert sum(at_once([lambda: due(database)] * 8)) == 1  # type: ignore[arg-type]  # numbers
    with database.look(WORKER) as work:
        assert counts(work)[JobState.QUEUED] == 1


def test_other_plans_are_left_to_their_own_worker(database: Database) -> None:
    """A worker enqueues only the chores it knows."""
    change(database, lambda work: plan(work, "sow", 100))
    assert due(database) == 0


def test_old_done_jobs_are_swept_and_nothing_else(database: Database, clock: FixedClock) -> None:
    """After a week a done job is forgotten; parked, running and queued ones stay."""
    for _ in range(2):
        put(database, max_attempts=1)
    done, parked = taken(database), taken(database)
    change(database, lambda work: finish(work, done))
    change(database, lambda work: fail(work, parked, "broken"))
    put(database)
    clock.advance(7 * 86_400)
    with database.work(WORKER) as work:
        assert sweep(work) == 0
    clock.advance(1)
    with database.work(WORKER) as work:
        assert sweep(work) == 1
        assert counts(work) == {
            JobState.QUEUED: 1,
            JobState.RUNNING: 0,
            JobState.DONE: 0,
            JobState.PARKED: 1,
        }


def test_pages_show_each_job_once_newest_first(database: Database, clock: FixedClock) -> None:
    """Paging neither repeats nor skips, also when jobs arrive between two pages."""
    ids = []
    for number in range(7):
        clock.advance(1)
        ids.append(put(database, "dig" if number % 2 else "sow"))
    shown: list[str] = []
    cursor: str | None = None
    while True:
        with database.look(WORKER) as work:
            page = find(work, cursor=cursor, limit=3)
        shown += [job.id for job in page.rows]
        put(database)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert shown == ids[::-1]


def test_lists_can_be_narrowed(database: Database) -> None:
    """By state and by name, within lawful limits."""
    wanted = put(database, "sow")
    put(database)
    taken(database)
    with database.look(WORKER) as work:
        assert [job.id for job in find(work, name="sow").rows] == [wanted]
        assert [job.name for job in find(work, state=JobState.RUNNING).rows] == ["dig"]
        assert find(work, state=JobState.PARKED).rows == ()
        with pytest.raises(InvalidError, match="limit"):
            find(work, limit=0)
        with pytest.raises(InvalidError, match="cursor"):
            find(work, cursor="nonsense")


def test_a_state_that_is_none_cannot_be_stored(database: Database) -> None:
    """The database itself knows the four states."""
    put(database)
    with pytest.raises(Exception, match=r"(?i)constraint"):
        change(database, lambda work: work.write(update(jobs_table).values(state="lost")))
