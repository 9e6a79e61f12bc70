"""Where what a writer gathered becomes durable: this process's own database, in one commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any, Final, Protocol, overload

from msgspec import Struct

from muniment.core.actor import Actor, system_actor
from muniment.core.errors import UnavailableError
from muniment.db import Database, Receipt, Work
from muniment.ledger import store
from muniment.ledger.service.halves import ManyHalves, bundle_of, flagged
from muniment.ledger.service.promise import Handed, Promise
from muniment.ledger.service.record import Recorder, require_sound

_ACTOR: Final = system_actor("writer")


class Part(Struct, eq=False, gc=False):
    """What one caller handed in: something to do, then records ready but for their place.

    It counts as `weight` records, of `size_bytes` as far as is known.
    """

    actor: Actor
    call: Callable[[Work], Any] | None
    records: ManyHalves
    done: Handed
    weight: int = 1
    size_bytes: int = 0


@dataclass(slots=True)
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
    _place: store.Place = field(default_factory=store.Place, repr=False)

    def commit(self, parts: Sequence[Part]) -> list[Any]:
        """Do every part in one transaction, in the order they came."""
        if self.stopped():
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
        records = [part.records for part in parts if part.call is None]
        if len(records) < len(parts):
            return None
        count = sum([len(each.ids) for each in records])
        if not count:
            return None
        try:
            first = store.append(
                self.database,
                self.producer,
                count,
                partial(bundle_of, records),
                self._place,
            )
        except store.UnusualError:
            return None
        for part in parts:
            if isinstance(part.done, Promise):
                return [*receipts_of(parts, self.producer, first)]
        return [None] * len(parts)  # who waits on an event loop asks for no receipts

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


def receipts_of(parts: Sequence[Part], producer: str, first_seq: int) -> list[Receipts]:
    """Give each part the receipts of its records, which were written in a row."""
    receipts: list[Receipts] = []
    for part in parts:
        receipts.append(Receipts(part.records, producer, first_seq))
        first_seq += len(part.records.ids)
    return receipts
