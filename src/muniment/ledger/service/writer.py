"""Writes for many callers at once: what arrives while others are written is committed together.

`submit` hands in something to do in a unit of work; `append` hands in records that change no
table, whose bytes are ready but for their place. Both give a future that is done when the result
is durable. Who comes alone is written at once; where many come, the next batch is given a moment to
become as large as the last. What callers on one event loop hand in while it goes round once is
written together: none of them could go on before. If a part fails, the batch is rolled back and
each part is done by itself, so that a bad one fails alone; if the database itself does not answer,
all of them are told.
"""

from __future__ import annotations

import threading
from asyncio import AbstractEventLoop
from asyncio import _get_running_loop as get_loop
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any, Final, Protocol, TypeVar, overload

from muniment.core.actor import Actor, system_actor
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError, UnavailableError
from muniment.db import Database, Receipt, Work
from muniment.ledger import store
from muniment.ledger.service.halves import (
    Contents,
    ManyHalves,
    bundle_of,
    flagged,
    make_all,
    record_count,
)
from muniment.ledger.service.promise import Promise
from muniment.ledger.service.record import Recorder, require_sound

_ACTOR: Final = system_actor("writer")
_MOST_WAITING: Final = 50_000
_MOST_AT_ONCE: Final = 20_000
_MOST_FROM_A_LOOP: Final = 1_000
# A busy loop computes on while it waits for commits: rarer ones leave it more of the processor.
_BUSY: Final = 3
_PLENTY: Final = 64
_LONGEST_PAUSE_SECONDS: Final = 0.006
_MOST_BYTES_AT_ONCE: Final = 16 * 1024 * 1024
_LARGE_BYTES: Final = 256 * 1024
_KEPT_BYTES: Final = 4 * 1024 * 1024
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """What one caller handed in: something to do, then records ready but for their place."""

    actor: Actor
    call: Callable[[Work], Any] | None
    records: ManyHalves
    done: Future[Any]

    @property
    def weight(self) -> int:
        """Count it as so many records."""
        return len(self.records.ids) or 1

    def size_bytes(self) -> int:
        """Say how much is written for it, as far as is known."""
        return sum(self.records.lengths)


@dataclass(frozen=True, slots=True)
class Receipts(Sequence[Receipt]):
    """The receipts of records that were written in a row, each made when it is looked at."""

    records: ManyHalves
    producer: str
    first_seq: int

    def __len__(self) -> int:
        return len(self.records)

    @overload
    def __getitem__(self, place: int) -> Receipt: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Receipt]: ...
    def __getitem__(self, place: int | slice) -> Receipt | Sequence[Receipt]:
        if isinstance(place, slice):
            return [self[n] for n in range(*place.indices(len(self)))]
        record_id = self.records.ids[place]
        return Receipt(record_id, self.producer, self.first_seq + place % len(self.records))


class Sink(Protocol):
    """Where a batch becomes durable: all of it, or an error and nothing."""

    def commit(self, parts: Sequence[Part]) -> list[Any]:
        """Make the batch durable; give each part its result."""
        ...


class PartError(Exception):
    """What a caller handed in could not reach something; the others may well be written."""


@dataclass(slots=True)
class DatabaseSink:
    """Commits batches into this process's own database, unless the log has stopped.

    `stopped` is the log's own (`Log.stopped`) and has no default: a sink without it would go on
    writing into a log that does not verify.
    """

    database: Database
    producer: str
    stopped: Callable[[], str]

    def commit(self, parts: Sequence[Part]) -> list[Any]:
        """Do every part in one transaction, in the order they came."""
        require_sound(self.stopped)
        usual = self._usual(parts)
        if usual is not None:
            return usual
        results: list[Any] = []
        with self.database.work(_ACTOR) as work:
            for is_call, some in groupby(parts, key=lambda part: part.call is not None):
                if is_call:
                    results += [self._do(work, part) for part in some]
                else:
                    results += self._append(work, list(some))
            # Told to who waits for records, such as the sequencer, even if no note was put down.
            work.receipts = tuple(
                each[0] for each in results if isinstance(each, Receipts) and each
            )
        return results

    def _usual(self, parts: Sequence[Part]) -> list[Any] | None:
        """Write records that change no table by the short way; nothing is done of what does."""
        count = sum([len(part.records.ids) for part in parts])
        if not count or any(part.call is not None for part in parts):
            return None
        records = [part.records for part in parts]
        try:
            first = store.append(
                self.database, self.producer, count, lambda first: bundle_of(records, first)
            )
        except store.UnusualError:
            return None
        return [*receipts_of(parts, self.producer, first)]

    def _do(self, work: Work, part: Part) -> object:
        """Do a part behind a wall of its own: its changes need its own records, not another's."""
        own = work.apart(part.actor)
        try:
            result = part.call(own) if part.call else None
        except UnavailableError as error:
            raise PartError from error
        own.close_wall(Recorder(self.producer, stopped=self.stopped))
        work.after_commit(own.finish)
        return self._append(work, (part,))[0] if part.records else result

    def _append(self, work: Work, parts: Sequence[Part]) -> list[Receipts]:
        count = sum([len(part.records) for part in parts])
        if not count:
            return receipts_of(parts, self.producer, 0)
        first, ran_back = store.advance(work, self.producer, count)
        data = bundle_of([part.records for part in parts], first)
        store.add_pending(work, self.producer, first, count, flagged(data) if ran_back else data)
        return receipts_of(parts, self.producer, first)


@dataclass(slots=True)
class Writer:
    """One writer of a process; `submit` and `append` may be called from any thread."""

    database: Database
    sink: Sink
    producer: str
    linger_ms: float = 2.0
    _waiting: list[Part] = field(default_factory=list, repr=False)
    _weight: int = 0
    _crowd: int = 0
    _under_way: Sequence[Part] = field(default=(), repr=False)
    _stopped: bool = False
    _round_of: AbstractEventLoop | None = field(default=None, repr=False)
    _is_round: bool = False
    _is_looping: bool = False
    _took: float = 0.0
    _arrived: threading.Condition = field(default_factory=threading.Condition, repr=False)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=self._run, name="muniment-writer", daemon=True)
        self._thread.start()

    def stop(self, *, grace_seconds: float) -> bool:
        """Write what has arrived, then end; tell whether it ended in time."""
        with self._arrived:
            self._stopped = True
            self._arrived.notify_all()
        if self._thread is not None:
            self._thread.join(grace_seconds)
        else:
            _fail(self._waiting, _stopped_error(self.producer))
        return not self.alive()

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._thread is not None and self._thread.is_alive()

    def submit(self, actor: Actor, call: Callable[[Work], T]) -> Future[T]:
        """Do something in the next unit of work; the future is done when it is durable."""
        return self._put(Part(actor, call, ManyHalves(), Promise()))

    def append(
        self,
        actor: Actor,
        records: Sequence[object],
        contents: Contents = (),
        *,
        first: Callable[[Work], object] | None = None,
    ) -> Future[Sequence[Receipt]]:
        """Write records that change no table; the future gives their receipts.

        `contents` says for each record which content kept outside, encrypted, it refers to.
        `first` is done before them in the same unit of work; if it fails, they are not written.
        """
        at = stamp(self.database.clock.now())
        ids, producer = self.database.ids, self.producer
        if contents and sum(map(record_count, contents)) != len(records):
            raise InvalidError("each record needs its own list of contents", field="contents")
        halves = make_all(
            records, actor=actor, at=at, ids=ids, producer=producer, contents=contents
        )
        part = Part(actor, first, halves, Promise())
        size = part.size_bytes()
        if size > _LARGE_BYTES:
            _keep_memory()
        if len(halves.ids) > _MOST_AT_ONCE or size > _MOST_BYTES_AT_ONCE:
            raise InvalidError(
                f"{len(halves)} records of {size} bytes are too much at once",
                field="records",
                remedy=f"Append {_MOST_AT_ONCE} records and {_MOST_BYTES_AT_ONCE} bytes at most.",
            )
        return self._put(part)

    def _put(self, part: Part) -> Future[Any]:
        weight = part.weight
        with self._arrived:
            if self._stopped:
                raise _stopped_error(self.producer)
            if self._waiting and self._weight + weight > _MOST_WAITING:
                raise UnavailableError(
                    f"{self._weight} records wait to be written",
                    subject=self.producer,
                    remedy="Send more slowly, or try again shortly.",
                )
            self._waiting.append(part)
            self._weight += weight
            self._tell(get_loop())
        return part.done

    def _tell(self, loop: AbstractEventLoop | None) -> None:
        """Wake the writer, once for all that a loop hands in while it goes round."""
        count = len(self._waiting)
        if loop is None or count >= _MOST_FROM_A_LOOP:
            is_enough = count in {1, self._crowd} or self._weight >= _MOST_AT_ONCE
            if is_enough or not self._is_round:
                self._is_round = True
                self._arrived.notify()
        elif self._round_of is not loop:  # one that was closed meanwhile never comes round
            self._round_of = loop
            loop.call_soon(self._came_round)

    def _came_round(self) -> None:
        with self._arrived:
            self._round_of = None
            self._is_round = self._is_looping = True
            self._arrived.notify()

    def _run(self) -> None:
        # In a pool of one, because whatever goes wrong there belongs to the callers who wait.
        with ThreadPoolExecutor(1, "muniment-commit") as pool:
            while (error := pool.submit(self._go_on).exception()) is not None:
                batch, self._under_way = self._under_way, ()
                self._one_by_one(batch, error, pool)

    def _go_on(self) -> None:
        """Commit batch after batch, to the end or until one goes wrong."""
        while batch := self._next_batch():
            self._under_way = batch
            began = self.database.clock.monotonic()
            results = self.sink.commit(batch)
            self._took = self.database.clock.monotonic() - began
            for part, result in zip(batch, results, strict=True):
                part.done.set_result(result)
            self._under_way = ()

    def _next_batch(self) -> Sequence[Part]:
        """Wait for something to write, and a little longer for more; nothing is the end."""
        with self._arrived:
            if not self._has_batch():
                self._arrived.wait_for(self._has_batch)
                if self.linger_ms and self._crowd > 1:
                    self._arrived.wait_for(self._is_enough, self.linger_ms / 1000)
            if self._is_looping and self._crowd >= _BUSY:
                self._arrived.wait_for(self._is_plenty, min(self._took, _LONGEST_PAUSE_SECONDS))
            count = _fitting(self._waiting)
            batch, self._waiting = self._waiting[:count], self._waiting[count:]
            self._weight -= sum(part.weight for part in batch)
            self._crowd = len(batch)
            self._is_round = bool(self._waiting)
        return batch

    def _has_batch(self) -> bool:
        return self._stopped or bool(self._waiting and self._is_round)

    def _is_plenty(self) -> bool:
        return self._stopped or len(self._waiting) >= _PLENTY

    def _is_enough(self) -> bool:
        enough = len(self._waiting) >= self._crowd or self._weight >= _MOST_AT_ONCE
        return self._stopped or enough

    def _one_by_one(
        self, batch: Sequence[Part], error: BaseException, pool: ThreadPoolExecutor
    ) -> None:
        """Do each part of a batch that failed by itself, unless it is the database that fails."""
        if len(batch) == 1 or isinstance(error, UnavailableError):
            _fail(batch, error)
            return
        for place, part in enumerate(batch):
            found = self._attempt([part], pool)
            if isinstance(found, UnavailableError):
                _fail(batch[place:], found)
                return
            _fail([part], found)

    def _attempt(self, batch: Sequence[Part], pool: ThreadPoolExecutor) -> BaseException | None:
        """Commit a batch and hand out its results, or give what went wrong."""
        attempt = pool.submit(self.sink.commit, batch)
        error = attempt.exception()
        if error is None:
            for part, result in zip(batch, attempt.result(), strict=True):
                part.done.set_result(result)
        return error


@cache
def _keep_memory() -> None:
    """Let the allocator keep what one large batch gives back, for the next one to use.

    GNU's keeps twice the largest block that it has ever got back from this process, so it gets one.
    Otherwise it returns each batch's memory to the system, which clears it anew page by page.
    """
    bytes(_KEPT_BYTES)


def receipts_of(parts: Sequence[Part], producer: str, first_seq: int) -> list[Receipts]:
    """Give each part the receipts of its records, which were written in a row."""
    receipts: list[Receipts] = []
    for part in parts:
        receipts.append(Receipts(part.records, producer, first_seq))
        first_seq += len(part.records.ids)
    return receipts


def _fail(parts: Sequence[Part], error: BaseException | None) -> None:
    told = error.__cause__ if isinstance(error, PartError) else error
    if told is not None:
        for part in parts:
            part.done.set_exception(told)


def _fitting(parts: Sequence[Part]) -> int:
    """Say how many parts are committed together; a large one goes by itself."""
    weight = size_bytes = 0
    for count, part in enumerate(parts):
        weight += part.weight
        size_bytes += part.size_bytes()
        if count and (weight > _MOST_AT_ONCE or size_bytes > _MOST_BYTES_AT_ONCE):
            return count
    return len(parts)


def _stopped_error(producer: str) -> UnavailableError:
    return UnavailableError(
        "the writer has stopped; nothing was written",
        subject=producer,
        remedy="Start Muniment again, then try again.",
    )


def open_writer(database: Database, producer: str, stopped: Callable[[], str]) -> Writer:
    """Start a writer into this process's own database; `stopped` is the log's own."""
    writer = Writer(database, DatabaseSink(database, producer, stopped), producer)
    writer.start()
    return writer
