"""The nouns of background work, and the few judgements about time and words it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from muniment.core.ids import JobId
from muniment.db.work import Work

_FIRST_DELAY: Final = timedelta(seconds=5)
_LONGEST_DELAY: Final = timedelta(hours=1)
_MAX_REASON_LENGTH: Final = 500


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work to be done once."""

    id: JobId
    name: str
    payload: Mapping[str, Any]
    state: JobState
    run_at: datetime
    attempts: int
    max_attempts: int
    lease_token: str
    lease_until: datetime | None
    last_error: str
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Run:
    """A job being run: its payload, and units of work that only its lease holder can commit."""

    job: Job
    _open: Callable[[], AbstractContextManager[Work]] = field(repr=False)
    stopping: Callable[[], bool] = field(repr=False)
    _finish: Callable[[Work], None] = field(repr=False)

    @contextmanager
    def work(self) -> Iterator[Work]:
        """Open a unit of work; it fails if somebody else has taken the job over."""
        with self._open() as work:
            yield work

    def finish(self, work: Work) -> None:
        """Mark the job done together with its effect, so that the effect happens exactly once."""
        self._finish(work)


@dataclass(frozen=True, slots=True)
class Chore:
    """What a room does in the background: a name, what to do, and perhaps how often."""

    name: str
    run: Callable[[Run], None]
    every_seconds: int | None = None


def retry_delay(attempts: int) -> timedelta:
    """Say how long to wait after so many failed attempts: 5 s, doubling, an hour at most."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(_FIRST_DELAY * (1 << doublings), _LONGEST_DELAY)


def storable(reason: str) -> str:
    """Cut a reason to the length that is kept, without what PostgreSQL cannot hold as text."""
    text = reason[:_MAX_REASON_LENGTH].encode("utf-8", "replace").decode()
    return text.replace("\0", "?") or "no reason given"


def next_due(planned: datetime, every_seconds: int, now: datetime) -> datetime:
    """Give the next planned time after now; what was missed while nobody ran is done once."""
    every = timedelta(seconds=every_seconds)
    missed = max(0, (now - planned) // every)
    return planned + every * (missed + 1)
