"""Runs chores and followers until told to stop.

A few threads claim jobs, one keeps their leases and plans chores, one moves followers: a slow one
must not cost a job its lease. Stopping lets running jobs finish; what does not is taken over by
another worker once its lease is stale. This is one of the three places that catch everything: a
failing job must fail alone.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from muniment.core.actor import Actor, system_actor
from muniment.core.errors import MunimentError
from muniment.db.engine import Database
from muniment.db.work import Work
from muniment.jobs import queue
from muniment.jobs.follow import (
    Follower,
    Reader,
    note_failure,
    pass_over,
    step,
)
from muniment.jobs.job import Chore, Job, Run
from muniment.settings import Settings

_log = logging.getLogger(__name__)
_SWEEP_EVERY = 1_000
_LOOK_UP_SECONDS = 0.5
_LEAST_GRACE_SECONDS = 1.0
_BATCHES_IN_A_ROW = 2


class Beside(Protocol):
    """Something that runs in a thread of its own for as long as the worker does."""

    def start(self) -> None:
        """Begin."""
        ...

    def stop(self, *, grace_seconds: float) -> bool:
        """End; tell whether it did in time."""
        ...

    def alive(self) -> bool:
        """Tell whether it runs."""
        ...


@dataclass(slots=True)
class _Doing:
    """A job in the hands of a thread: whether it is finished, and which one follows it."""

    job: Job
    chain: bool
    finished: bool = False
    following: Job | None = None


@dataclass(slots=True)
class Runner:
    """A worker: give it chores and followers, call `start`, later `stop`."""

    database: Database
    settings: Settings
    chores: Sequence[Chore]
    followers: Sequence[Follower] = ()
    read: Reader | None = None
    beside: Sequence[Beside] = ()
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)
    _threads: list[threading.Thread] = field(default_factory=list, repr=False)
    _running: dict[str, Job] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _has_begun: bool = field(default=False, repr=False)

    def start(self, *, after_seconds: float = 0.0) -> None:
        """Begin to work, in threads of its own; a little later, if somebody has to go first."""
        with self.database.work(system_actor("worker")) as work:
            for chore in self.chores:
                if chore.every_seconds is not None:
                    queue.plan(work, chore.name, chore.every_seconds)
        if not after_seconds:
            self._begin_beside()
        first = self._begin_and_keep if after_seconds else self._keep
        loops = [(first, "keeper"), *((self._work, f"jobs-{n}") for n in range(self._count))]
        if self.followers and self.read is not None:
            loops.append((self._follow_all, "followers"))
        for loop, name in loops:
            thread = threading.Thread(
                target=self._after, args=(after_seconds, loop), name=f"muniment-{name}", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _begin_beside(self) -> None:
        for other in self.beside:
            other.start()
        self._has_begun = True

    def _begin_and_keep(self) -> None:
        self._begin_beside()
        self._keep()

    def _after(self, seconds: float, loop: Callable[[], None]) -> None:
        if not (seconds and self._stop.wait(seconds)):
            loop()

    def stop(self, *, grace_seconds: float) -> bool:
        """Ask everything to end; tell whether it did within the grace, which all share."""
        clock = self.database.clock
        until = clock.monotonic() + grace_seconds
        self._stop.set()
        for thread in self._threads:
            thread.join(max(0.0, until - clock.monotonic()))
        ended = [
            other.stop(grace_seconds=max(_LEAST_GRACE_SECONDS, until - clock.monotonic()))
            for other in self.beside
        ]
        return all(ended) and not any(thread.is_alive() for thread in self._threads)

    def ask_to_stop(self) -> None:
        """Say that no new job shall be begun."""
        self._stop.set()

    def wait(self) -> None:
        """Stay until somebody asks to stop.

        Now and then it looks up: a signal that comes just before a wait begins does not end it.
        """
        while not self._stop.wait(_LOOK_UP_SECONDS):
            pass

    def alive(self) -> bool:
        """Tell whether every thread that was started still runs."""
        running = [*(thread.is_alive() for thread in self._threads)]
        beside = [other.alive() for other in self.beside] if self._has_begun else []
        return bool(running) and all(running) and all(beside)

    def run_one(self) -> bool:
        """Do the job that waits longest; tell whether there was one."""
        with self.database.work(system_actor("worker")) as work:
            job = self._claim(work)
        if job is not None:
            self._do(_Doing(job, chain=False))
        return job is not None

    def _run_chain(self) -> bool:
        """Do jobs as long as finishing one finds another; tell whether there was any."""
        with self.database.work(system_actor("worker")) as work:
            job = self._claim(work)
        found = job is not None
        while job is not None:
            doing = _Doing(job, chain=True)
            self._do(doing)
            job = doing.following
        return found

    def _claim(self, work: Work) -> Job | None:
        return queue.claim(
            work, list(self._by_name), lease_seconds=self.settings.jobs.lease_seconds
        )

    @property
    def _count(self) -> int:
        return self.settings.jobs.threads

    @property
    def _by_name(self) -> dict[str, Chore]:
        return {chore.name: chore for chore in self.chores}

    def _do(self, doing: _Doing) -> None:
        job = doing.job
        self._hold(job)
        actor = system_actor(f"job:{job.name}")
        run = Run(
            job,
            lambda: self._held_work(actor, job),
            self._stop.is_set,
            lambda work: self._finish(work, doing),
        )
        try:
            self._by_name[job.name].run(run)
            if not doing.finished:
                with self.database.work(actor) as work:
                    self._finish(work, doing)
        except queue.LeaseLostError:
            _log.warning("lease lost", extra={"job": job.id, "name_of_job": job.name})
        except Exception as error:  # noqa: BLE001 boundary: job runner
            self._give_back(actor, job, error)
        finally:
            self._let_go(job)

    def _finish(self, work: Work, doing: _Doing) -> None:
        """Finish a job and claim the next in one commit; of a work rolled back neither stands."""
        queue.finish(work, doing.job)
        following = self._claim(work) if doing.chain and not self._stop.is_set() else None

        def committed() -> None:
            doing.finished, doing.following = True, following
            if following is not None:
                self._hold(following)

        work.after_commit(committed)

    def _hold(self, job: Job) -> None:
        with self._lock:
            self._running[job.lease_token] = job

    def _let_go(self, job: Job) -> None:
        with self._lock:
            self._running.pop(job.lease_token, None)

    def _give_back(self, actor: Actor, job: Job, error: Exception) -> None:
        told = str(error) if isinstance(error, MunimentError) else type(error).__name__
        _log.error(
            "job failed",
            extra={"job": job.id, "name_of_job": job.name, "attempt": job.attempts},
            exc_info=error,
        )
        try:
            with self.database.work(actor) as work:
                queue.fail(work, job, told)
        except MunimentError as later:  # its lease runs out and another worker takes it over
            _log.warning("job not given back", extra={"job": job.id, "reason": later.code})

    @contextmanager
    def _held_work(self, actor: Actor, job: Job) -> Iterator[Work]:
        with self.database.work(actor) as work:
            queue.heartbeat(work, job, lease_seconds=self.settings.jobs.lease_seconds)
            yield work

    def _work(self) -> None:
        while not self._stop.is_set():
            if not self._guarded(self._run_chain):
                self._stop.wait(self._pause)

    def _keep(self) -> None:
        rounds = 0
        beat_at = 0.0
        between_beats = self.settings.jobs.lease_seconds / 3
        while not self._stop.is_set():
            if self.database.clock.monotonic() >= beat_at:
                self._guarded(self._keep_leases)
                beat_at = self.database.clock.monotonic() + between_beats
            self._guarded(self._enqueue_due)
            if rounds % _SWEEP_EVERY == 0:
                self._guarded(self._sweep)
            rounds += 1
            self._stop.wait(min(self._pause, between_beats))

    def _follow_all(self) -> None:
        if self.read is None:
            return
        while not self._stop.is_set():
            busy, moved = self._pass_over(self.read)
            for follower in busy:
                moved = self._follow_on(follower, self.read) or moved
            if not moved:
                self._stop.wait(self._pause)

    @property
    def _pause(self) -> float:
        return self.settings.jobs.poll_ms / 1000

    def _keep_leases(self) -> bool:
        with self._lock:
            running = list(self._running.values())
        for job in running:
            try:
                with self.database.work(system_actor("worker")) as work:
                    queue.keep_lease(work, job, lease_seconds=self.settings.jobs.lease_seconds)
            except MunimentError as error:  # the others' leases are kept all the same
                if self._still_running(job):
                    _log.warning("lease not kept", extra={"job": job.id, "reason": error.code})
        return bool(running)

    def _still_running(self, job: Job) -> bool:
        with self._lock:
            return job.lease_token in self._running

    def _enqueue_due(self) -> bool:
        planned = [chore.name for chore in self.chores if chore.every_seconds is not None]
        if not planned:
            return False
        with self.database.look(system_actor("worker")) as work:
            if not queue.any_due(work, planned):
                return False
        with self.database.work(system_actor("worker")) as work:
            attempts = self.settings.jobs.max_attempts
            return queue.enqueue_due(work, planned, max_attempts=attempts) > 0

    def _sweep(self) -> bool:
        with self.database.work(system_actor("worker")) as work:
            return queue.sweep(work) > 0

    def _pass_over(self, read: Reader) -> tuple[Sequence[Follower], bool]:
        """Find who has something to do; if that fails, each tries for itself and says why not."""
        found: tuple[Sequence[Follower], bool] = (self.followers, False)

        def look() -> bool:
            nonlocal found
            found = pass_over(self.database, self.followers, read)
            return found[1]

        self._guarded(look)
        return found

    def _follow_on(self, follower: Follower, read: Reader) -> bool:
        """Take a follower some batches further; tell whether it moved at all."""
        taken = 0
        while (
            taken < _BATCHES_IN_A_ROW and not self._stop.is_set() and self._follow(follower, read)
        ):
            taken += 1
        return taken > 0

    def _follow(self, follower: Follower, read: Reader) -> bool:
        try:
            return step(self.database, follower, read) > 0
        except Exception as error:  # noqa: BLE001 boundary: job runner
            _log.error("follower failed", extra={"follower": follower.name}, exc_info=error)
            told = str(error) if isinstance(error, MunimentError) else type(error).__name__
            self._guarded(lambda: note_failure(self.database, follower, told))
            return False

    def _guarded(self, call: Callable[[], bool]) -> bool:
        try:
            return call()
        except Exception as error:  # noqa: BLE001 boundary: job runner
            _log.error("worker round failed", exc_info=error)
            self._stop.wait(self._pause)
            return False
