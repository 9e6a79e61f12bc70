"""The writer: many callers, one commit, and each learns what became of their own part."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from muniment.core.errors import CorruptError, InvalidError, UnavailableError
from muniment.db import Database, Receipt, UnrecordedChangeError, Work
from muniment.gateway.soon import durable, waiter_of
from muniment.ledger import Promise, Source, record
from muniment.ledger.service import writer as writer_module
from muniment.ledger.service.writer import DatabaseSink, Part, Writer
from muniment.ledger.store.tables import advance, keys_table
from muniment.settings import Settings
from muniment.testing import FixedClock, fresh_database, settings_for
from muniment.testing.ledger import audit, opened_log, sealed_entries
from muniment.verify import make_key
from tests.ledger.service.sampled import INES, ROBOT, Counted, Moved

SOON_SECONDS = 30.0
IMPATIENT: dict[str, Any] = {"database.busy_timeout_ms": 100}


@contextmanager
def running(database: Database, **given: Any) -> Iterator[Writer]:
    """Run a writer on a database until the end of the test."""
    writer = Writer(database, given.pop("sink", DatabaseSink(database, "w", str)), "w", **given)
    writer.start()
    try:
        yield writer
    finally:
        assert writer.stop(grace_seconds=SOON_SECONDS)


class SlowSink:
    """Waits before each batch until it is let go."""

    def __init__(self, inner: DatabaseSink) -> None:
        self.inner = inner
        self.entered = threading.Event()
        self.let_go = threading.Event()
        self.sizes: list[int] = []

    def commit(self, parts: Sequence[Part]) -> list[Any]:
        self.entered.set()
        assert self.let_go.wait(SOON_SECONDS)
        self.sizes.append(len(parts))
        return self.inner.commit(parts)


@contextmanager
def held(database: Database, **given: Any) -> Iterator[tuple[Writer, SlowSink]]:
    """Run a writer whose first batch is held, so that what follows gathers behind it."""
    sink = SlowSink(DatabaseSink(database, "w", str))
    with running(database, sink=sink, **given) as writer:
        first = writer.append(INES, [Counted("first", 0)])
        assert sink.entered.wait(SOON_SECONDS)
        try:
            yield writer, sink
        finally:
            sink.let_go.set()
        first.result(SOON_SECONDS)


def add_key(work: Work, name: str) -> str:
    """Change a table, with the record that covers it."""
    vkey = make_key(name, bytes(32)).vkey
    row = {"vkey": vkey, "key_id": name, "state": "retired", "since": work.now}
    work.write(insert(keys_table).values(row))
    return record(work, Moved(name))


def entries_of(database: Database, settings: Settings) -> list[dict[str, Any]]:
    """Seal everything and read it back, after an audit."""
    with opened_log(database, settings) as log:
        size = log.seal()
        audit(log)
        return [dict(one) for one in sealed_entries(log.tiles.root, size)]


def places(found: Sequence[dict[str, Any]], producer: str = "w") -> dict[int, str]:
    """Give the record id at each place of a producer, which must not leave one out."""
    own = {one["seq"]: one["id"] for one in found if one["producer"] == producer}
    assert sorted(own) == list(range(1, len(own) + 1))
    return own


def test_every_record_of_many_threads_stands_once(database: Database, settings: Settings) -> None:
    """Twelve threads append at the same time; each receipt's record is just where it says."""
    with running(database, linger_ms=1) as writer:

        def caller(name: int) -> list[Receipt]:
            given: list[Receipt] = []
            for n in range(15):
                records = [Counted(f"t{name}", n * 10 + k) for k in range(1 + n % 3)]
                given.extend(writer.append(INES, records).result(SOON_SECONDS))
            return given

        with ThreadPoolExecutor(12) as threads:
            receipts = [each for given in threads.map(caller, range(12)) for each in given]
    with opened_log(database, settings) as log:
        log.seal()
        audit(log, receipts)
        found: list[dict[str, Any]] = list(map(dict, sealed_entries(log.tiles.root, log.size())))
    assert places(found) == {each.seq: each.id for each in receipts}
    assert len(receipts) == 12 * 30
    for name in range(12):
        own = [one["body"]["place"] for one in found if one["subject"] == thing(f"t{name}")]
        assert own == sorted(own)


def thing(name: str) -> dict[str, str]:
    """Name a thing as an entry does."""
    return {"kind": "thing", "id": name}


def test_what_a_loop_hands_in_while_it_goes_round_is_one_commit(database: Database) -> None:
    """Callers on one event loop share a commit; one whose loop was closed holds nobody up."""
    sink = SlowSink(DatabaseSink(database, "w", str))
    sink.let_go.set()

    async def several(writer: Writer) -> None:
        async def one(number: int) -> None:
            await asyncio.wrap_future(writer.append(INES, [Counted("a", number)]))

        await asyncio.gather(*(one(number) for number in range(20)))

    async def forgets(writer: Writer) -> Future[Any]:
        return writer.append(INES, [Counted("b", 0)])

    with running(database, sink=sink) as writer:
        asyncio.run(several(writer))
        assert sink.sizes == [20]
        left = asyncio.run(forgets(writer))
        asyncio.run(several(writer))
        left.result(SOON_SECONDS)
        assert sum(sink.sizes) == 41


def test_what_is_made_of_something_is_told_where_it_was_handed_in(
    database: Database, settings: Settings
) -> None:
    """On a loop or a thread; what a loop no longer waits for is written all the same."""
    source = Source(Counted, lambda what: what, {})

    async def several(writer: Writer) -> None:
        mine = [writer.append_from(INES, source, Counted("a", n)) for n in range(9)]
        mine[4].cancel()
        other = await asyncio.to_thread(writer.append_from, INES, source, Counted("b", 0))
        assert isinstance(other, Promise)
        assert other.result(SOON_SECONDS)[0].seq == 10
        assert [await waiter_of(each) for each in mine if not each.cancelled()] == [None] * 8

    async def refused(writer: Writer) -> None:
        with pytest.raises(CorruptError, match="broken"):
            await durable(writer.append_from(INES, source, Counted("a", 9)))

    with running(database) as writer:
        asyncio.run(several(writer))
    with running(database, sink=DatabaseSink(database, "w", lambda: "broken")) as writer:
        asyncio.run(refused(writer))
    found = [one for one in entries_of(database, settings) if one["producer"] == "w"]
    assert [one["body"]["place"] for one in found] == [*range(9), 0]


def test_who_comes_alone_or_in_a_crowd_is_written_whenever_a_loop_brings_it(
    database: Database,
) -> None:
    """After a crowd, one alone does not wait for another, nor a crowd for a larger one."""

    async def together(writer: Writer, count: int) -> None:
        await asyncio.gather(
            *(asyncio.wrap_future(writer.append(INES, [Counted("a", n)])) for n in range(count))
        )

    async def comes_and_goes(writer: Writer) -> None:
        for count in (1, 70, 1, 5, 2, 3, 1):
            await asyncio.wait_for(together(writer, count), SOON_SECONDS)

    with running(database, linger_ms=10**6) as writer:
        asyncio.run(comes_and_goes(writer))
        assert writer.append(INES, [Counted("a", 0)]).result(SOON_SECONDS)[0].seq == 84


def test_order_within_a_caller_is_kept(database: Database, settings: Settings) -> None:
    """What one caller hands in without waiting stands in the order it was handed in."""
    with running(database) as writer:
        waiting = [writer.append(INES, [Counted("a", n)]) for n in range(300)]
        seqs = [future.result(SOON_SECONDS)[0].seq for future in waiting]
    assert seqs == sorted(seqs)
    found = [one for one in entries_of(database, settings) if one["kind"] == "sampled.counted"]
    assert [one["body"]["place"] for one in found] == list(range(300))


def test_each_part_of_a_batch_is_its_own_actors(database: Database, settings: Settings) -> None:
    """Changes and records by several people in one commit carry each the right name."""
    entries_of(database, settings)  # the log begins, with a key of its own
    with held(database) as (writer, sink):
        first = writer.submit(INES, lambda work: add_key(work, "by.ines"))
        second = writer.append(ROBOT, [Counted("by robot", 1)])
        third = writer.submit(ROBOT, lambda work: add_key(work, "also.by.robot"))
        sink.let_go.set()
        ids = {first.result(SOON_SECONDS): INES, third.result(SOON_SECONDS): ROBOT}
        ids[second.result(SOON_SECONDS)[0].id] = ROBOT
    assert sink.sizes == [1, 3]
    found = entries_of(database, settings)
    by_id = {one["id"]: one["actor"] for one in found}
    assert {one: by_id[one] for one in ids} == {one: who.as_record() for one, who in ids.items()}
    moved = {one["body"]["thing"]: one for one in found if one["kind"] == "sampled.moved"}
    assert {name: one["actor"]["id"] for name, one in moved.items()} == {
        "by.ines": INES.id,
        "also.by.robot": ROBOT.id,
    }
    for name, one in moved.items():
        (key,) = one["changes"]["ledger_keys"]
        assert key.startswith(name)
    places(found)


def bad_calls() -> list[tuple[Any, type[BaseException]]]:
    """List ways in which what is handed in can fail."""

    def lies(work: Work) -> None:
        add_key(work, "gone")
        raise ValueError("on purpose")

    def unrecorded(work: Work) -> None:
        row = {"vkey": "gone", "key_id": "gone", "state": "retired", "since": work.now}
        work.write(insert(keys_table).values(row))

    def unreachable(work: Work) -> None:
        add_key(work, "gone")
        raise UnavailableError("the storage does not answer")

    def unwritable(work: Work) -> None:
        record(work, Counted("gone", 1, 0.5))

    return [
        (lies, ValueError),
        (unrecorded, UnrecordedChangeError),
        (unreachable, UnavailableError),
        (unwritable, InvalidError),
    ]


@pytest.mark.parametrize("which", range(4))
def test_a_bad_part_fails_alone(database: Database, settings: Settings, which: int) -> None:
    """The batch is rolled back and done again without the bad part; no place is left out."""
    entries_of(database, settings)
    call, error = bad_calls()[which]
    with held(database) as (writer, sink):
        good = writer.append(INES, [Counted("before", 1)])
        bad = writer.submit(INES, call)
        more = writer.submit(ROBOT, lambda work: add_key(work, "after"))
        last = writer.append(ROBOT, [Counted("after", 2), Counted("after", 3)])
        sink.let_go.set()
        with pytest.raises(error):
            bad.result(SOON_SECONDS)
        ids = [*(one.id for one in good.result(SOON_SECONDS)), more.result(SOON_SECONDS)]
        ids += [one.id for one in last.result(SOON_SECONDS)]
    found = entries_of(database, settings)
    assert [one for one in places(found).values() if one in ids] == ids
    assert "gone" not in str(found)


@pytest.mark.parametrize("linger_ms", [0, 1])
def test_lingering_or_not_everything_is_written(database: Database, linger_ms: float) -> None:
    """Without a pause each record is just written sooner."""
    with running(database, linger_ms=linger_ms) as writer:
        for n in range(20):
            assert writer.append(INES, [Counted("a", n)]).result(SOON_SECONDS)[0].seq == n + 1


def test_no_records_are_a_part_too(database: Database) -> None:
    """An empty append is answered with no receipts, beside others as well as alone."""
    with running(database) as writer:
        waiting = [writer.append(INES, []), writer.append(INES, [Counted("a", 1)])]
        assert [len(each.result(SOON_SECONDS)) for each in waiting] == [0, 1]


def test_stopping_writes_what_has_arrived(database: Database) -> None:
    """Whoever was in before the stop gets a receipt; whoever comes later is told."""
    sink = SlowSink(DatabaseSink(database, "w", str))
    writer = Writer(database, sink, "w")
    writer.start()
    waiting = [writer.append(INES, [Counted("a", n)]) for n in range(50)]
    stopping: Future[bool] = ThreadPoolExecutor(1).submit(writer.stop, grace_seconds=SOON_SECONDS)
    while not writer._stopped:
        pass
    with pytest.raises(UnavailableError, match="has stopped"):
        writer.append(INES, [Counted("late", 1)])
    with pytest.raises(UnavailableError, match="has stopped"):
        writer.submit(INES, lambda work: work.now)
    sink.let_go.set()
    assert stopping.result(SOON_SECONDS)
    assert [each.result(0)[0].seq for each in waiting] == list(range(1, 51))
    assert not writer.alive()
    assert writer.stop(grace_seconds=0)


def test_a_stop_that_is_not_waited_for_loses_nothing(database: Database) -> None:
    """With too short a grace the stop says so, and the batch is still written."""
    sink = SlowSink(DatabaseSink(database, "w", str))
    writer = Writer(database, sink, "w", linger_ms=0)
    writer.start()
    first = writer.append(INES, [Counted("a", 1)])
    assert sink.entered.wait(SOON_SECONDS)
    second = writer.append(INES, [Counted("a", 2)])
    assert not writer.stop(grace_seconds=0)
    sink.let_go.set()
    assert [first.result(SOON_SECONDS)[0].seq, second.result(SOON_SECONDS)[0].seq] == [1, 2]
    assert writer.stop(grace_seconds=SOON_SECONDS)


def test_a_writer_that_never_ran_says_so(database: Database) -> None:
    """What waits for a writer that is stopped before it began is not left waiting."""
    writer = Writer(database, DatabaseSink(database, "w", str), "w")
    waiting = writer.append(INES, [Counted("a", 1)])
    assert writer.stop(grace_seconds=0)
    with pytest.raises(UnavailableError, match="nothing was written"):
        waiting.result(SOON_SECONDS)


def test_what_was_handed_in_cannot_be_taken_back(database: Database) -> None:
    """A caller who gives up waiting changes nothing for the others."""
    with held(database) as (writer, sink):
        waiting = [writer.append(INES, [Counted("a", n)]) for n in range(3)]
        assert not waiting[1].cancel()
        sink.let_go.set()
        assert [each.result(SOON_SECONDS)[0].seq for each in waiting] == [2, 3, 4]


def test_too_many_waiting_are_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """When more arrives than can be written, callers are told instead of filling the memory."""
    monkeypatch.setattr(writer_module, "_MOST_WAITING", 10)
    with held(database) as (writer, sink):
        waiting = [writer.append(INES, [Counted("a", n)] * 2) for n in range(5)]
        with pytest.raises(UnavailableError, match="10 records wait") as refused:
            writer.append(INES, [Counted("a", 5)])
        assert "Send more slowly" in refused.value.remedy
        sink.let_go.set()
        assert [len(each.result(SOON_SECONDS)) for each in waiting] == [2] * 5
        assert writer.append(INES, [Counted("a", 6)]).result(SOON_SECONDS)[0].seq == 12


def test_too_much_in_one_call_is_refused(database: Database) -> None:
    """One call cannot hand in more than fits into a commit."""
    with running(database) as writer:
        with pytest.raises(InvalidError, match="too much at once"):
            writer.append(INES, [Counted("a", 1)] * 20_001)
        with pytest.raises(InvalidError, match="too much at once"):
            writer.append(INES, [Counted("a", 1, "x" * 60_000)] * 300)


def test_a_large_batch_is_cut(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has gathered is committed in portions, none of them without an answer."""
    monkeypatch.setattr(writer_module, "_MOST_AT_ONCE", 10)
    monkeypatch.setattr(writer_module, "_MOST_BYTES_AT_ONCE", 10_000)
    with held(database) as (writer, sink):
        waiting = [writer.append(INES, [Counted("a", n)] * 4) for n in range(6)]
        waiting += [writer.append(INES, [Counted("a", 1, "x" * 4_000)]) for _ in range(3)]
        sink.let_go.set()
        seqs = [one.seq for each in waiting for one in each.result(SOON_SECONDS)]
    assert seqs == list(range(2, 29))
    assert sink.sizes == [1, 2, 2, 3, 2]


def locked(database: Database) -> Any:
    """Hold SQLite's one writing place from outside."""
    import sqlite3  # noqa: PLC0415 only here

    outside = sqlite3.connect(str(database.writer.url.database), isolation_level=None)
    outside.execute("BEGIN IMMEDIATE")
    return outside


@pytest.fixture
def impatient(tmp_path: Path, clock: FixedClock) -> Iterator[Database]:
    """An SQLite database that does not wait long for its lock."""
    settings = settings_for(tmp_path / "data", "", **IMPATIENT)
    with fresh_database(settings, clock) as database:
        yield database


def test_when_the_database_is_locked_everybody_is_told(impatient: Database) -> None:
    """Nobody waits for each other's time-out; once the lock is gone, writing goes on."""
    tried: list[int] = []

    class Counting(DatabaseSink):
        def commit(self, parts: Sequence[Part]) -> list[Any]:
            tried.append(len(parts))
            return super().commit(parts)

    with running(impatient, sink=Counting(impatient, "w", str), linger_ms=50) as writer:
        outside = locked(impatient)
        waiting = [writer.append(INES, [Counted("a", n)]) for n in range(100)]
        for each in waiting:
            with pytest.raises(UnavailableError, match="busy"):
                each.result(SOON_SECONDS)
        assert len(tried) <= 3
        outside.rollback()
        outside.close()
        assert writer.append(INES, [Counted("a", 1)]).result(SOON_SECONDS)[0].seq == 1


def test_when_the_disk_is_full_everybody_is_told(impatient: Database) -> None:
    """A full disk refuses every part and changes nothing; with room again, writing goes on."""

    def pages(most: int) -> None:
        with impatient.machine() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count={most}")

    with running(impatient, linger_ms=20) as writer:
        writer.append(INES, [Counted("a", 1)]).result(SOON_SECONDS)
        pages(1)
        waiting = [writer.append(INES, [Counted("a", 1, "x" * 50_000)]) for _ in range(10)]
        for each in waiting:
            with pytest.raises(UnavailableError, match="disk is full"):
                each.result(SOON_SECONDS)
        pages(1_000_000)
        assert writer.append(INES, [Counted("a", 2)]).result(SOON_SECONDS)[0].seq == 2


def test_the_short_way_writes_what_the_ordinary_way_writes(
    database: Database, settings: Settings
) -> None:
    """Records beside a change that changes nothing go the long way, and stand as the others do."""
    records = [Counted("a", 1), Counted("b", 2, "x" * 300)]
    with running(database) as writer:
        for is_long in (False, True, False, True, False):
            first = (lambda _work: None) if is_long else None
            writer.append(INES, records, first=first).result(SOON_SECONDS)
    found = [one for one in entries_of(database, settings) if one["producer"] == "w"]
    assert [one.pop("seq") for one in found] == list(range(1, 11))
    assert len({one.pop("id") for one in found}) == len(found)
    assert found[0::2] == [found[0]] * 5
    assert found[1::2] == [found[1]] * 5


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_writers_of_several_processes_do_not_wait_for_each_other(database: Database) -> None:
    """Each numbers its own records: while one is about to commit, another commits."""
    with database.work(INES) as work:
        advance(work, "serve", 1)
        with running(database) as writer:
            assert writer.append(INES, [Counted("a", 1)]).result(SOON_SECONDS)[0].seq == 1


def test_nothing_is_written_into_a_log_that_has_stopped(
    database: Database, settings: Settings
) -> None:
    """Once the log does not verify, neither records nor changes get into it by any writer."""
    why = [""]
    with running(database, sink=DatabaseSink(database, "w", lambda: why[0])) as writer:
        writer.append(INES, [Counted("a", 1)]).result(SOON_SECONDS)
        why[0] = "entry 7 is changed"
        refused: list[Future[Any]] = [
            writer.append(INES, [Counted("a", 2)]),
            writer.submit(INES, lambda work: record(work, Counted("a", 3))),
        ]
        for each in refused:
            with pytest.raises(CorruptError, match="entry 7 is changed"):
                each.result(SOON_SECONDS)
        why[0] = ""
        writer.append(INES, [Counted("a", 4)]).result(SOON_SECONDS)
    found = [one for one in entries_of(database, settings) if one["kind"] == "sampled.counted"]
    assert [one["body"]["place"] for one in found] == [1, 4]


def test_a_clock_that_jumps_back_stops_nobody(
    database: Database, settings: Settings, clock: FixedClock
) -> None:
    """Records keep their order and the log verifies when the wall clock was set back."""
    with running(database) as writer:
        writer.append(INES, [Counted("a", 1)]).result(SOON_SECONDS)
        clock.set_back(60)
        writer.append(INES, [Counted("a", 2)]).result(SOON_SECONDS)
        writer.submit(INES, lambda work: record(work, Counted("a", 3))).result(SOON_SECONDS)
    found = [one for one in entries_of(database, settings) if one["kind"] == "sampled.counted"]
    assert [one["body"]["place"] for one in found] == [1, 2, 3]
    assert [one.get("flags") for one in found] == [None, ["clock_back"], ["clock_back"]]
