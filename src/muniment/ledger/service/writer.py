"""Writes for many callers at once: what arrives within a few milliseconds is committed together.

`submit` hands in something to do in a unit of work; `append` hands in records that change no
table, whose bytes are ready but for their place. Both give a future that is done when the result
is durable. If a part fails, the batch is rolled back and each part is done by itself, so that a
bad one fails alone.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar

from muniment.core.actor import Actor, system_actor
from muniment.core.clock import stamp
from muniment.core.errors import UnavailableError
from muniment.db import Database, Receipt, Work
from muniment.ledger import store
from muniment.ledger.service.halves import Halves, bundle_of, make_halves
from muniment.ledger.service.record import Recorder

_ACTOR: Final = system_actor("writer")
_MOST_WAITING: Final = 50_000
_MOST_AT_ONCE: Final = 20_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """What one caller handed in: something to do, or records ready but for their place."""

    actor: Actor
    call: Callable[[Work], Any] | None
    records: Sequence[Halves]
    done: Future[Any]


class Sink(Protocol):
    """Where a batch becomes durable: all of it, or an error and nothing."""

    def commit(self, parts: Sequence[Part]) -> list[Any]:
        """Make the batch durable; give each part its result."""
        ...


@dataclass(slots=True)
class DatabaseSink:
    """Commits batches into this process's own database."""

    database: Database
    producer: str

    def commit(self, parts: Sequence[Part]) -> list[Any]:
        """Do every part in one transaction."""
        with self.database.work(_ACTOR, recorder=Recorder(self.producer)) as work:
            called = [
                part.call(work.acting_as(part.actor)) if part.call else None for part in parts
            ]
            records = [each for part in parts for each in part.records]
            first = self._append(work, records) if records else 0
        return list(_results(parts, called, self.producer, first))

    def _append(self, work: Work, records: Sequence[Halves]) -> int:
        first, last_at = store.advance(work, self.producer, len(records))
        data = bundle_of(records, first)
        store.add_pending(work, self.producer, first, len(records), data, max(work.now, last_at))
        return first


@dataclass(slots=True)
class Writer:
    """One writer of a process; `submit` and `append` may be called from any thread."""

    database: Database
    sink: Sink
    producer: str
    linger_ms: float = 2.0
    _queue: queue.Queue[Part | None] = field(
        default_factory=lambda: queue.Queue(_MOST_WAITING), repr=False
    )
    _thread: threading.Thread | None = None
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, "muniment-commit"), repr=False
    )

    def start(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=self._run, name="muniment-writer", daemon=True)
        self._thread.start()

    def stop(self, *, grace_seconds: float) -> bool:
        """Write what has arrived, then end; tell whether it ended in time."""
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join(grace_seconds)
        self._pool.shutdown(wait=not self.alive())
        return not self.alive()

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._thread is not None and self._thread.is_alive()

    def submit(self, actor: Actor, call: Callable[[Work], T]) -> Future[T]:
        """Do something in the next unit of work; the future is done when it is durable."""
        done: Future[T] = Future()
        self._put(Part(actor, call, (), done))
        return done

    def append(self, actor: Actor, records: Sequence[object]) -> Future[Sequence[Receipt]]:
        """Write records that change no table; the future gives their receipts."""
        at = stamp(self.database.clock.now())
        ids, producer = self.database.ids, self.producer
        halves = [
            make_halves(what, actor=actor, at=at, ids=ids, producer=producer) for what in records
        ]
        done: Future[Sequence[Receipt]] = Future()
        self._put(Part(actor, None, halves, done))
        return done

    def _put(self, part: Part) -> None:
        try:
            self._queue.put_nowait(part)
        except queue.Full as error:
            raise UnavailableError(
                f"{_MOST_WAITING} records wait to be written",
                subject=self.producer,
                remedy="Send more slowly, or try again shortly.",
            ) from error

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            part = self._queue.get()
            if part is None:
                return
            if self.linger_ms and self._queue.empty():
                pause.wait(self.linger_ms / 1000)
            batch, ending = self._gather(part)
            self._commit(batch)
            if ending:
                return

    def _gather(self, first: Part) -> tuple[list[Part], bool]:
        batch, count = [first], len(first.records) or 1
        while count < _MOST_AT_ONCE:
            try:
                part = self._queue.get_nowait()
            except queue.Empty:
                break
            if part is None:
                return batch, True
            batch.append(part)
            count += len(part.records) or 1
        return batch, False

    def _commit(self, batch: Sequence[Part]) -> None:
        attempt = self._pool.submit(self.sink.commit, batch)
        error = attempt.exception()
        if error is None:
            for part, result in zip(batch, attempt.result(), strict=True):
                part.done.set_result(result)
        elif len(batch) == 1:
            batch[0].done.set_exception(error)
        else:
            for part in batch:
                self._commit([part])


def _results(
    parts: Sequence[Part], called: Sequence[Any], producer: str, first: int
) -> Sequence[Any]:
    results: list[Any] = []
    for part, result in zip(parts, called, strict=True):
        if part.call is not None:
            results.append(result)
            continue
        places = range(first, first + len(part.records))
        first += len(part.records)
        results.append(
            [Receipt(one.id, producer, seq) for one, seq in zip(part.records, places, strict=True)]
        )
    return results
