"""Writes for many callers at once: what arrives while others are written is committed together.

`submit` hands in something to do in a unit of work; `append` hands in records that change no
table, whose bytes are ready but for their place. Both give a future that is done when the result
is durable. Who comes alone is written at once; where many come, the next batch is given a moment to
become as large as the last. What callers on one event loop hand in while it goes round once is
written together: none of them could go on before. While a busy loop brings more each time it goes
round, a moment is waited for that; once it brings nothing more, nobody waits. If a part fails, the
batch is rolled back and each part is done by itself, so that a bad one fails alone; if the database
itself does not answer, all of them are told.
"""

from __future__ import annotations

import threading
from asyncio import AbstractEventLoop
from asyncio import _get_running_loop as get_loop
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Final, TypeVar

from muniment.core.actor import Actor
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError, UnavailableError
from muniment.core.waking import wake_soon
from muniment.db import Database, Receipt, Work
from muniment.ledger.service.halves import Contents, ManyHalves, Source, make_all, record_count
from muniment.ledger.service.promise import Handed, Promise, fail, tell
from muniment.ledger.service.sink import DatabaseSink, Part, PartError, Receipts, Sink
from muniment.ledger.service.template import NOTHING_AROUND, Around, Template, filled_in

__all__ = ["DatabaseSink", "Part", "Receipts", "Source", "Writer", "open_writer"]
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


@dataclass(slots=True)
class Writer:
    """One writer of a process; `submit` and `append` may be called from any thread."""

    database: Database
    sink: Sink
    producer: str
    linger_ms: float = 2.0
    _waiting: list[Part] = field(default_factory=list, repr=False)
    _weight: int = 0
    _size: int = 0
    _crowd: int = 0
    _under_way: Sequence[Part] = field(default=(), repr=False)
    _stopped: bool = False
    _round_of: AbstractEventLoop | None = field(default=None, repr=False)
    _is_round: bool = False
    _is_looping: bool = False
    _is_more: bool = False
    _is_quiet: bool = True
    _since: float = 0.0
    _took: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _bell: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _is_asleep: bool = False
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        """Hold the bell, which is let go to wake the thread that writes; a condition costs more."""
        self._bell.acquire()

    def start(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=self._run, name="muniment-writer", daemon=True)
        self._thread.start()

    def stop(self, *, grace_seconds: float) -> bool:
        """Write what has arrived, then end; tell whether it ended in time."""
        with self._lock:
            self._stopped = True
            self._ring()
        if self._thread is not None:
            self._thread.join(grace_seconds)
        else:
            _fail(self._waiting, _stopped_error(self.producer))
        return not self.alive()

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._thread is not None and self._thread.is_alive()

    def submit(self, actor: Actor, call: Callable[[Work], T]) -> Promise[T]:
        """Do something in the next unit of work; the future is done when it is durable."""
        done = Promise[T]()
        self._put(Part(actor, call, ManyHalves(), done))
        return done

    def append(
        self,
        actor: Actor,
        records: Sequence[object],
        contents: Contents = (),
        *,
        first: Callable[[Work], object] | None = None,
    ) -> Promise[Sequence[Receipt]]:
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
        count, size = len(halves.ids), sum(halves.lengths)
        if size > _LARGE_BYTES:
            _keep_memory()
        if count > _MOST_AT_ONCE or size > _MOST_BYTES_AT_ONCE:
            raise InvalidError(
                f"{count} records of {size} bytes are too much at once",
                field="records",
                remedy=f"Append {_MOST_AT_ONCE} records and {_MOST_BYTES_AT_ONCE} bytes at most.",
            )
        done = Promise[Sequence[Receipt]]()
        self._put(Part(actor, first, halves, done, count or 1, size))
        return done

    def append_from(self, actor: Actor, source: Source, what: object) -> Handed:
        """Write the record that is made of something; if it is a usual one, without making it.

        What it gives on an event loop is done on that loop, and gives no receipts.
        """
        form = source.form(self.producer)
        made = None
        if form is not None:
            at = stamp(self.database.clock.now())
            made = form.write(what, actor, at, self.database.ids)
        if made is None:
            return self.append(actor, [source.make(what)])
        return self._put(_part(actor, made))

    def template(
        self,
        actor: Actor,
        source: Source,
        what: object,
        holes: Sequence[str],
        around: Around = NOTHING_AROUND,
    ) -> Template | None:
        """Give what records like this one by the same actor say, but for the facts in `holes`."""
        form = source.form(self.producer)
        return None if form is None else filled_in(form, what, actor, holes, around)

    def append_as(
        self, actor: Actor, template: Template, facts: tuple[object, ...]
    ) -> Handed | None:
        """Write a record that is ready but for these facts; nothing where it is no usual one."""
        made = template.write(facts, self.database.clock, self.database.ids)
        return None if made is None else self._put(_part(actor, made))

    def _put(self, part: Part) -> Handed:
        weight, loop = part.weight, get_loop()
        with self._lock:
            if self._stopped:
                raise _stopped_error(self.producer)
            waiting = self._waiting
            if not waiting:
                self._since = self.database.clock.monotonic()
            elif self._weight + weight > _MOST_WAITING:
                raise UnavailableError(
                    f"{self._weight} records wait to be written",
                    subject=self.producer,
                    remedy="Send more slowly, or try again shortly.",
                )
            waiting.append(part)
            self._weight += weight
            self._size += part.size_bytes
            if loop is None or len(waiting) >= _MOST_FROM_A_LOOP:
                self._tell()
            else:
                self._is_quiet, self._is_more = False, True
                if self._round_of is not loop:  # one closed meanwhile never comes round
                    self._round_of = loop
                    loop.call_soon(self._came_round, loop)
        return part.done

    def _tell(self) -> None:
        """Wake the writer for what a thread hands in, or for very much of a loop."""
        is_enough = len(self._waiting) in {1, self._crowd} or self._weight >= _MOST_AT_ONCE
        if is_enough or not self._is_round:
            self._is_round = True
            self._ring()

    def _came_round(self, loop: AbstractEventLoop) -> None:
        """Wake the writer once for all that a loop brought; where it is busy, once that is enough.

        A busy loop is followed until it goes round and brings nothing more.
        """
        with self._lock:
            if self._is_more and self._crowd >= _BUSY:
                self._is_more = False
                loop.call_soon(self._came_round, loop)
            else:
                self._round_of, self._is_quiet, self._is_more = None, True, False
            if self._waiting:
                self._is_round = self._is_looping = True
                if self._crowd < _BUSY or self._is_ripe() or self._is_old():
                    self._ring()

    def _ring(self) -> None:
        """Wake the thread that writes, if it sleeps; whoever calls it has the lock."""
        if self._is_asleep:
            self._is_asleep = False
            self._bell.release()

    def _sleep(self, is_ready: Callable[[], bool], seconds: float | None = None) -> None:
        """Wait until something is so, or so long; whoever calls it has the lock."""
        clock, left = self.database.clock, -1.0
        until = 0.0 if seconds is None else clock.monotonic() + seconds
        while not is_ready():
            if seconds is not None and (left := until - clock.monotonic()) <= 0:
                return
            self._is_asleep = True
            self._lock.release()
            came = self._bell.acquire(timeout=left)
            self._lock.acquire()
            if not came:
                if not self._is_asleep:
                    self._bell.acquire()  # it rang at that very moment
                self._is_asleep = False
                return

    def _doze(self) -> None:
        """Wait until something may be written; whoever calls it has the lock."""
        while not (self._stopped or (self._waiting and self._is_round)):
            self._is_asleep = True
            self._lock.release()
            self._bell.acquire()
            self._lock.acquire()

    def _run(self) -> None:
        # In a pool of one, because whatever goes wrong there belongs to the callers who wait.
        with ThreadPoolExecutor(1, "muniment-commit") as pool:
            while (error := pool.submit(self._go_on).exception()) is not None:
                batch, self._under_way = self._under_way, ()
                self._one_by_one(batch, error, pool)

    def _go_on(self) -> None:
        """Commit batch after batch, to the end or until one goes wrong."""
        monotonic = self.database.clock.monotonic
        wake_soon()  # callers wait for each commit
        while batch := self._next_batch():
            self._under_way = batch
            began = monotonic()
            results = self.sink.commit(batch)
            self._took = monotonic() - began
            tell([part.done for part in batch], results)
            self._under_way = ()

    def _next_batch(self) -> Sequence[Part]:
        """Wait for something to write, and a little longer for more; nothing is the end."""
        with self._lock:
            if not self._has_batch():
                self._doze()
                if self.linger_ms and self._crowd > 1 and not self._is_looping:
                    self._sleep(self._is_enough, self.linger_ms / 1000)
            elif self._is_looping and self._crowd >= _BUSY:
                self._sleep(self._is_ripe, self._pause())
            batch, self._waiting = self._waiting, []
            if self._weight > _MOST_AT_ONCE or self._size > _MOST_BYTES_AT_ONCE:
                count = _fitting(batch)
                batch, self._waiting = batch[:count], batch[count:]
            left = self._waiting
            self._weight = sum([part.weight for part in left]) if left else 0
            self._size = sum([part.size_bytes for part in left]) if left else 0
            self._crowd = len(batch)
            self._is_round = bool(left)
        return batch

    def _has_batch(self) -> bool:
        return self._stopped or bool(self._waiting and self._is_round)

    def _is_ripe(self) -> bool:
        """Tell whether so much waits, or nothing more comes, that it should be written now."""
        return self._is_quiet or self._stopped or len(self._waiting) >= _PLENTY

    def _is_old(self) -> bool:
        return self.database.clock.monotonic() - self._since >= self._pause()

    def _pause(self) -> float:
        return min(self._took, _LONGEST_PAUSE_SECONDS)

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
            tell([part.done for part in batch], attempt.result())
        return error


def _part(actor: Actor, made: ManyHalves) -> Part:
    loop = get_loop()
    done: Handed = Promise() if loop is None else loop.create_future()
    return Part(actor, None, made, done, 1, made.lengths[0])


@cache
def _keep_memory() -> None:
    """Let the allocator keep what one large batch gives back, for the next one to use.

    GNU's keeps twice the largest block that it has ever got back from this process, so it gets one.
    Otherwise it returns each batch's memory to the system, which clears it anew page by page.
    """
    bytes(_KEPT_BYTES)


def _fail(parts: Sequence[Part], error: BaseException | None) -> None:
    told = error.__cause__ if isinstance(error, PartError) else error
    if told is not None:
        fail([part.done for part in parts], told)


def _fitting(parts: Sequence[Part]) -> int:
    """Say how many parts are committed together; a large one goes by itself."""
    weight = size_bytes = 0
    for count, part in enumerate(parts):
        weight += part.weight
        size_bytes += part.size_bytes
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
