"""The queue: rows claimed by compare-and-set, alike on both databases.

A worker takes a job by changing its lease token and proceeds only if exactly one row changed. The
token fences it: whoever lost the lease cannot finish, fail or commit anything in the job's name.
Stale leases are taken over; a job that was tried too often is parked and waits for a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Text,
    Update,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Row

from muniment.core.errors import ConflictError, NotFoundError
from muniment.core.ids import JobId
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db.tables import exempt_table
from muniment.db.types import CanonicalJson, UtcTime
from muniment.db.work import Work
from muniment.jobs.job import Job, JobState, next_due, retry_delay, storable

_CANDIDATES: Final = 4
_KEEP_DONE: Final = timedelta(days=7)

jobs_table = exempt_table(
    "jobs",
    Column("id", String(40), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("payload", CanonicalJson, nullable=False),
    Column("state", String(10), nullable=False),
    Column("dedupe_key", String(200), unique=True),
    Column("run_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("max_attempts", Integer, nullable=False),
    Column("lease_token", String(40), nullable=False),
    Column("lease_until", UtcTime),
    Column("last_error", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    CheckConstraint("state IN ('queued', 'running', 'done', 'parked')", name="state"),
    Index("ix_jobs_state_run_at_id", "state", "run_at", "id"),
    reason="the queue only says what is still to do; what was done is recorded by the doing",
)

schedules_table = exempt_table(
    "job_schedules",
    Column("name", String(100), primary_key=True),
    Column("every_seconds", Integer, nullable=False),
    Column("next_at", UtcTime, nullable=False),
    reason="plans of chores, set anew from the code at each start",
)

# Built once: making a statement costs more than running it.
_C: Final = jobs_table.c
_IN_TURN: Final = (
    select(jobs_table)
    .where(_C.name.in_(bindparam("names", expanding=True)))
    .order_by(_C.run_at, _C.id)
    .limit(_CANDIDATES)
    .with_for_update(skip_locked=True)
)
_NOW: Final = bindparam("now", type_=UtcTime())
_WAITING: Final = _IN_TURN.where(_C.state == JobState.QUEUED.value, _C.run_at <= _NOW)
_STALE: Final = _IN_TURN.where(_C.state == JobState.RUNNING.value, _C.lease_until < _NOW)
_TAKE: Final = (
    update(jobs_table)
    .where(
        _C.id == bindparam("seen_id"),
        _C.state == bindparam("seen_state"),
        _C.lease_token == bindparam("seen_token"),
    )
    .values(
        state=JobState.RUNNING.value,
        lease_token=bindparam("token"),
        lease_until=bindparam("until", type_=UtcTime()),
        attempts=bindparam("attempt", type_=Integer()),
    )
    .returning(*jobs_table.columns)
)


class LeaseLostError(ConflictError):
    """Another worker has taken this job over."""


def enqueue(
    work: Work,
    name: str,
    payload: Mapping[str, Any] | None = None,
    *,
    run_at: datetime | None = None,
    key: str | None = None,
    max_attempts: int = 5,
) -> JobId:
    """Put a job into the queue; with a key, only once however often it is asked for."""
    job_id = JobId(work.new_id("job"))
    row = {
        "id": job_id,
        "name": name,
        "payload": dict(payload or {}),
        "state": JobState.QUEUED.value,
        "dedupe_key": key,
        "run_at": run_at or work.now,
        "attempts": 0,
        "max_attempts": max_attempts,
        "lease_token": "",
        "last_error": "",
        "created_at": work.now,
    }
    if key is None:
        work.write(insert(jobs_table).values(row))
    elif not work.insert_if_absent(jobs_table, row):
        found = work.read(select(jobs_table.c.id).where(jobs_table.c.dedupe_key == key))
        return JobId(found.scalar_one())
    return job_id


def claim(work: Work, names: Sequence[str], *, lease_seconds: int) -> Job | None:
    """Take the job that waits longest, if any, for the length of a lease."""
    for seen in _candidates(work, names):
        if seen.state is JobState.RUNNING and seen.attempts >= seen.max_attempts:
            _park(work, seen, f"the worker died {seen.attempts} times while doing it")
            continue
        wanted = {
            "seen_id": seen.id,
            "seen_state": seen.state.value,
            "seen_token": seen.lease_token,
            "token": work.new_id("lease"),
            "until": work.now + timedelta(seconds=lease_seconds),
            "attempt": seen.attempts + 1,
        }
        taken = work.write(_TAKE, wanted)
        if taken.rows:
            return _job(taken.rows[0])
    return None


def _candidates(work: Work, names: Sequence[str]) -> list[Job]:
    """Read the first jobs that wait or whose worker fell silent; each query walks one index."""
    asked = {"names": list(names), "now": work.now}
    found = [_job(row) for query in (_WAITING, _STALE) for row in work.read(query, asked).all()]
    return sorted(found, key=lambda job: (job.run_at, job.id))


def heartbeat(work: Work, job: Job, *, lease_seconds: int) -> None:
    """Keep the lease, or learn that it is lost."""
    _change_held(work, job, lease_until=work.now + timedelta(seconds=lease_seconds))


def keep_lease(work: Work, job: Job, *, lease_seconds: int) -> None:
    """Keep the lease from beside the job, without waiting while the job's own work holds it."""
    free = select(jobs_table.c.id).where(jobs_table.c.id == job.id)
    if work.read(free.with_for_update(skip_locked=True)).first() is not None:
        heartbeat(work, job, lease_seconds=lease_seconds)


def finish(work: Work, job: Job) -> None:
    """Mark a job done; in the same work as its effect, it happens exactly once."""
    _change_held(
        work, job, state=JobState.DONE.value, finished_at=work.now, lease_until=None, last_error=""
    )


def fail(work: Work, job: Job, reason: str) -> None:
    """Put a job back for another try later, or park it when it had enough."""
    if job.attempts >= job.max_attempts:
        _park(work, job, reason)
        return
    _change_held(
        work,
        job,
        state=JobState.QUEUED.value,
        run_at=work.now + retry_delay(job.attempts),
        lease_until=None,
        last_error=storable(reason),
    )


def unpark(work: Work, job_id: JobId) -> None:
    """Give a parked job all its tries again, from now."""
    job = get(work, job_id)
    changed = work.write(
        update(jobs_table)
        .where(jobs_table.c.id == job_id, jobs_table.c.state == JobState.PARKED.value)
        .values(state=JobState.QUEUED.value, attempts=0, run_at=work.now, lease_token="")
    )
    if changed.count != 1:
        raise ConflictError(
            f"job {job_id} is {job.state}, not parked",
            subject=job_id,
            remedy="Only parked jobs are started again by hand.",
        )


def get(work: Work, job_id: JobId) -> Job:
    """Look one job up."""
    row = work.read(select(jobs_table).where(jobs_table.c.id == job_id)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"there is no job {job_id}", subject=job_id, remedy="See `muniment jobs list`."
        )
    return _job(row)


def find(
    work: Work,
    *,
    state: JobState | None = None,
    name: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Job]:
    """List jobs, newest first."""
    table = jobs_table
    query = select(table).order_by(table.c.id.desc()).limit(require_limit(limit) + 1)
    if state is not None:
        query = query.where(table.c.state == state.value)
    if name is not None:
        query = query.where(table.c.name == name)
    if cursor is not None:
        (after,) = read_cursor(cursor, 1)
        query = query.where(table.c.id < str(after))
    found = [_job(row) for row in work.read(query).all()]
    more = write_cursor([found[limit - 1].id]) if len(found) > limit else None
    return Page(tuple(found[:limit]), more)


def counts(work: Work) -> dict[JobState, int]:
    """Count jobs by state, for the health page."""
    how_many = func.count().label("how_many")
    query = select(jobs_table.c.state, how_many).group_by(jobs_table.c.state)
    found = {row.state: row.how_many for row in work.read(query).all()}
    return {state: found.get(state.value, 0) for state in JobState}


def plan(work: Work, name: str, every_seconds: int) -> None:
    """Have a chore done at an interval, the first time at once."""
    row = {"name": name, "every_seconds": every_seconds, "next_at": work.now}
    if not work.insert_if_absent(schedules_table, row):
        work.write(
            update(schedules_table)
            .where(schedules_table.c.name == name, schedules_table.c.every_seconds != every_seconds)
            .values(every_seconds=every_seconds, next_at=work.now)
        )


def any_due(work: Work, names: Sequence[str]) -> bool:
    """Tell whether the time of a chore has come, without taking the writer's place."""
    due = select(schedules_table.c.name).where(
        schedules_table.c.name.in_(names), schedules_table.c.next_at <= work.now
    )
    return work.read(due.limit(1)).first() is not None


def enqueue_due(work: Work, names: Sequence[str], *, max_attempts: int = 5) -> int:
    """Put every chore whose time has come into the queue, once among all workers."""
    table = schedules_table
    due = select(table).where(table.c.name.in_(names), table.c.next_at <= work.now)
    added = 0
    for row in work.read(due).all():
        later = next_due(row.next_at, row.every_seconds, work.now)
        moved = work.write(
            update(table)
            .where(table.c.name == row.name, table.c.next_at == row.next_at)
            .values(next_at=later)
        )
        if moved.count == 1:
            key = f"{row.name}@{row.next_at.isoformat()}"
            enqueue(work, row.name, key=key, max_attempts=max_attempts)
            added += 1
    return added


def sweep(work: Work) -> int:
    """Forget jobs that were done long ago."""
    old = delete(jobs_table).where(
        jobs_table.c.state == JobState.DONE.value, jobs_table.c.finished_at < work.now - _KEEP_DONE
    )
    return work.write(old).count


def _park(work: Work, job: Job, reason: str) -> None:
    _change_held(
        work,
        job,
        state=JobState.PARKED.value,
        lease_until=None,
        last_error=storable(reason),
    )


def _change_held(work: Work, job: Job, **values: Any) -> None:  # noqa: ANN401 columns differ in type
    given = {f"new_{name}": value for name, value in values.items()}
    held = {"held_id": job.id, "held_token": job.lease_token, **given}
    if work.write(_update_held(tuple(values)), held).count != 1:
        raise LeaseLostError(
            f"another worker has taken job {job.id} over",
            subject=job.id,
            remedy="Leave it to that worker; raise jobs.lease_seconds if this one was only slow.",
        )


@lru_cache(16)
def _update_held(names: tuple[str, ...]) -> Update:
    """Write these columns of a job that is still ours."""
    columns = jobs_table.c
    new = {name: bindparam(f"new_{name}", type_=columns[name].type) for name in names}
    return (
        update(jobs_table)
        .where(
            columns.id == bindparam("held_id"),
            columns.lease_token == bindparam("held_token"),
            columns.state == JobState.RUNNING.value,
        )
        .values(new)
    )


def _job(row: Row[Any]) -> Job:
    return Job(
        id=JobId(row.id),
        name=row.name,
        payload=row.payload,
        state=JobState(row.state),
        run_at=row.run_at,
        attempts=row.attempts,
        max_attempts=row.max_attempts,
        lease_token=row.lease_token,
        lease_until=row.lease_until,
        last_error=row.last_error,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
