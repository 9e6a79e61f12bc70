"""The sequencer: how a log begins, grows, is signed, and what it does when something is wrong.

The whole log is audited after every step.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from muniment.core.actor import system_actor
from muniment.core.errors import (
    ConflictError,
    InvalidError,
    MunimentError,
    NotFoundError,
    UnavailableError,
)
from muniment.db import Database, Receipt
from muniment.db.engine import open_database
from muniment.ledger import Log, Recorder, entry, record
from muniment.ledger import store as ledger_store
from muniment.ledger.kinds import Heartbeat
from muniment.ledger.store import Files
from muniment.settings import Settings
from muniment.testing import FixedClock, fresh_database, settings_for
from muniment.testing.ledger import audit, open_test_log, opened_log, sealed_entries, write_records
from muniment.verify import parse_bundle

ACTOR = system_actor("test")


@pytest.fixture
def log(database: Database, settings: Settings) -> Iterator[Log]:
    """A log that has not begun."""
    with opened_log(database, settings) as opened:
        yield opened


def values(log: Log) -> list[dict[str, object]]:
    return list(sealed_entries(log.tiles.root, log.size()))


def restarted(database: Database, settings: Settings, files: Files | None = None) -> Log:
    return open_test_log(database, settings, files=files)


def test_a_log_begins_once(log: Log) -> None:
    """The first entry says which log this is; beginning again changes nothing."""
    with pytest.raises(NotFoundError, match="not begun"):
        log.status()
    head = log.begin()
    assert log.begin().installation == head.installation
    assert log.seal() == 1
    audit(log)
    (first,) = values(log)
    body = first["body"]
    assert first["kind"] == "ledger.began"
    assert isinstance(body, dict)
    assert body["origin"] == head.origin == log.status().origin
    assert body["installation"] == head.installation
    assert (body["vkey"],) == log.vkeys()
    assert first["changes"]
    assert log.begin().size == 1


def test_two_processes_beginning_at_once_make_one_log(
    database: Database, settings: Settings
) -> None:
    """Whoever begins at the same moment opens the same keyring and finds the same log."""
    logs = [restarted(database, settings) for _ in range(4)]
    start = threading.Barrier(len(logs))

    def begin(one: Log) -> str:
        start.wait()
        return one.begin().installation

    with ThreadPoolExecutor(len(logs)) as threads:
        installations = set(threads.map(begin, logs))
    assert len(installations) == 1
    assert logs[0].seal() == 1
    audit(logs[0])
    assert len(logs[0].vkeys()) == 1
    for one in logs:
        one.close()


def test_a_log_whose_keyring_could_not_be_opened_begins_later(
    database: Database, settings: Settings
) -> None:
    """A beginning that was cut short by a missing unlock key goes on once it is there."""

    def nowhere(_installation: str) -> object:
        raise InvalidError("no unlock key", field="unlock.file")

    with opened_log(database, settings) as log:
        keyring = log.open_keyring
        log.open_keyring = nowhere  # type: ignore[assignment]  # it never answers
        receipts = write_records(database, 2)
        with pytest.raises(InvalidError, match="no unlock key"):
            log.seal()
        log.open_keyring = keyring
        assert log.seal() == 3
        audit(log, receipts)
        assert values(log)[0]["kind"] == "ledger.began"


@pytest.mark.parametrize("origin", ["two words", "a+b", "o" * 201, "tab\there"])
def test_a_name_no_key_can_sign_under_is_refused_before_anything_is_written(
    database: Database, settings: Settings, tmp_path: Path, origin: str
) -> None:
    """A bad ledger.origin is refused with its field, and a good one then begins the log."""
    with opened_log(database, settings) as log:
        good = log.settings
        log.settings = settings_for(tmp_path / "data", "", **{"ledger.origin": origin})
        with pytest.raises(InvalidError) as caught:
            log.seal()
        assert caught.value.field == "ledger.origin"
        log.settings = good
        assert log.seal() == 1
        audit(log)


def test_entries_stand_in_the_order_they_were_recorded(log: Log, database: Database) -> None:
    """What is recorded is sealed in order, each producer numbered without a gap."""
    receipts = write_records(database, 1, 3, 2)
    assert log.seal() == 7
    audit(log, receipts)
    rest = values(log)[1:]
    assert [one["id"] for one in rest] == [each.id for each in receipts]
    assert [one["seq"] for one in rest] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("counts", [(254, 1, 1, 256), (255, 300, 1), (600,), (1,) * 20])
def test_growing_over_the_edges_of_tiles(
    log: Log, database: Database, counts: tuple[int, ...]
) -> None:
    """Whatever the size of a batch, the log verifies after each."""
    receipts = []
    for count in counts:
        receipts += write_records(database, count)
        log.seal()
        audit(log, receipts)
    assert log.size() == 1 + sum(counts)


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)  # the tiles lie outside of it
def test_growing_over_a_tile_of_the_second_level(log: Log, database: Database) -> None:
    """More than 65,536 entries, in one commit and in many, go into the second level."""
    receipts = write_records(database, 65_530)
    log.seal()
    audit(log, receipts)
    receipts += write_records(database, 4, 2, 70_000)
    log.seal()
    audit(log, receipts)
    assert (log.tiles.root / "tile" / "1" / "000").stat().st_size == 8_192
    assert (log.tiles.root / "tile" / "2" / "000.p" / "2").exists()


def test_partial_tiles_stay_until_their_full_tile_is_there(log: Log, database: Database) -> None:
    """Each published size keeps its partial tile, and all go when the full one has come."""
    for count in (9, 10, 10):
        write_records(database, count)
        log.seal()
        audit(log)
    folder = log.tiles.root / "tile" / "entries" / "000.p"
    assert sorted(int(path.name) for path in folder.iterdir()) == [10, 20, 30]
    write_records(database, 300)
    log.seal()
    audit(log)
    assert not folder.exists()
    assert (log.tiles.root / "tile" / "entries" / "000").is_file()


def test_sealing_with_nothing_new_does_nothing(log: Log, database: Database) -> None:
    """Without new records the head keeps its time, its epoch and its files."""
    write_records(database, 3)
    log.seal()
    with database.look(ACTOR) as work:
        before = ledger_store.head(work)
    stamps = {path: path.stat().st_mtime_ns for path in log.tiles.root.rglob("*")}
    assert log.seal() == 4
    audit(log)
    with database.look(ACTOR) as work:
        assert ledger_store.head(work) == before
    assert stamps == {path: path.stat().st_mtime_ns for path in log.tiles.root.rglob("*")}


def test_the_status_tells_sealed_from_waiting(log: Log, database: Database) -> None:
    """What is durable but not under a head is counted as waiting."""
    log.begin()
    write_records(database, 3, 4)
    assert (log.status().size, log.status().waiting) == (0, 8)
    log.seal()
    audit(log)
    found = log.status()
    assert (found.size, found.waiting, found.indexed, found.broken) == (8, 0, 8, "")
    write_records(database, 2)
    assert log.status().waiting == 2
    assert found.vkey == log.vkeys()[0]


def test_heads_are_noted_beside_new_entries(
    log: Log, database: Database, clock: FixedClock
) -> None:
    """At most every half minute, and only when others record, the last head stands in the log."""
    log.seal()
    receipts = write_records(database, 1)
    log.seal()
    assert log.size() == 2
    clock.advance(31)
    log.seal()
    assert log.size() == 2
    receipts += write_records(database, 1)
    log.seal()
    audit(log, receipts)
    noted = values(log)[-1]
    assert noted["kind"] == "ledger.checkpoint_signed"
    assert isinstance(noted["body"], dict)
    assert noted["body"]["size"] == 2
    receipts += write_records(database, 1)
    log.seal()
    assert log.size() == 5
    audit(log, receipts)


def test_what_is_sealed_can_be_pruned(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    """Batches go from the database only when kept long enough, and numbers are never used twice."""
    with opened_log(database, settings) as log:
        log.settings = settings_for(tmp_path / "data", "", **{"ledger.keep_pending_seconds": 0})
        log.begin()
        receipts = []
        for count in (1, 5, 300, 1, 1):
            receipts += write_records(database, count)
            assert log.status().waiting >= count
            log.seal()
            audit(log, receipts)
            log.prune()
            assert not log.status().waiting
            audit(log, receipts)
        again = restarted(database, settings)
        again.seal()
        audit(again, receipts)
        again.close()


def test_pruning_waits_while_the_log_is_busy(
    log: Log, database: Database, clock: FixedClock
) -> None:
    """In a log that is written to all the time, what is older than the limit goes all the same."""
    receipts = write_records(database, 10)
    log.seal()
    for _ in range(49):
        clock.advance(3_600)
        receipts += write_records(database, 2)
        log.seal()
    audit(log, receipts)
    gone = log.prune()
    assert 10 < gone < 49
    receipts += write_records(database, 1)
    log.seal()
    audit(log, receipts)


def test_the_database_refuses_to_forget_what_is_not_sealed(log: Log, database: Database) -> None:
    """Pruning further than the head is refused by the database itself, and nothing is lost."""
    log.seal()
    receipts = write_records(database, 2, 2)
    with pytest.raises(Exception, match="append-only"), database.work(ACTOR) as work:
        work.write(ledger_store.tables.pending_table.delete())
    log.seal()
    audit(log, receipts)


def test_only_one_process_leads(log: Log, database: Database, settings: Settings) -> None:
    """While one process seals another is told so at once."""
    log.seal()
    other = restarted(database, settings)
    with log.tiles.leading(), pytest.raises(ConflictError):
        other.seal()
    receipts = write_records(database, 2)
    assert other.seal() == 3
    audit(other, receipts)
    receipts += write_records(database, 2)
    assert log.seal() == 5
    audit(log, receipts)
    other.close()


def test_processes_that_seal_in_turns_keep_one_history(
    database: Database, settings: Settings
) -> None:
    """Several processes recording and sealing at once end in one log with everything in it."""
    logs = [restarted(database, settings) for _ in range(3)]
    logs[0].seal()

    def live(one: Log) -> list[object]:
        receipts: list[object] = []
        for _ in range(8):
            receipts += write_records(database, 3)
            try:
                one.seal()
            except ConflictError:
                continue
        return receipts

    with ThreadPoolExecutor(len(logs)) as threads:
        receipts = [each for got in threads.map(live, logs) for each in got]
    logs[1].seal()
    audit(logs[2], receipts)  # type: ignore[arg-type]  # they are receipts
    assert logs[0].size() == 1 + 3 * 8 * 3
    for one in logs:
        one.close()


def test_an_entry_is_read_by_its_number(log: Log, database: Database) -> None:
    """Every sealed entry is read by its number and id; others are said not to exist."""
    receipts = write_records(database, 3)
    log.seal()
    audit(log, receipts)
    assert entry(log, 2).id == receipts[1].id
    for number in (-1, 4, 10**30):
        with pytest.raises(NotFoundError):
            entry(log, number)


def test_a_producer_may_be_any_process(database: Database, settings: Settings) -> None:
    """Each producer has its own numbers, all in one log."""
    with opened_log(database, settings) as log:
        receipts: list[Receipt] = []
        for name in ("serve", "worker", "serve"):
            with database.work(ACTOR, recorder=Recorder(name)) as work:
                record(work, Heartbeat(name, 60))
            receipts += work.receipts
        log.seal()
        audit(log, receipts)
        assert [(each.producer, each.seq) for each in receipts] == [
            ("serve", 1),
            ("worker", 1),
            ("serve", 2),
        ]


def test_reading_while_tiles_fill_up(database: Database, settings: Settings) -> None:
    """A reader never meets a hole while partial tiles give way to full ones."""
    with opened_log(database, settings) as log, opened_log(database, settings) as reader:
        log.seal()
        done = threading.Event()
        problems: list[MunimentError] = []

        def read() -> None:
            while not done.is_set():
                try:
                    size = reader.size()
                    assert len(reader.read_after(0, size)) == size
                except MunimentError as error:
                    problems.append(error)

        thread = threading.Thread(target=read)
        thread.start()
        for _ in range(40):
            write_records(database, 17)
            log.seal()
        done.set()
        thread.join()
        assert not problems
        audit(log)


def test_bundles_hold_exactly_what_was_recorded(log: Log, database: Database) -> None:
    """The bytes that were durable in the database are the bytes in the bundle."""
    write_records(database, 5)
    with database.look(ACTOR) as work:
        batches = ledger_store.pending_batches(work, 0)
    log.seal()
    audit(log)
    bundle = parse_bundle(log.tiles.tile("entries", 0, 6))
    assert bundle[1:] == [each for batch in batches for each in parse_bundle(batch)]


def test_opening_writes_nothing_but_the_index(settings: Settings) -> None:
    """Opening a log neither begins it nor makes a key."""
    with fresh_database(settings) as database, opened_log(database, settings) as log:
        assert not log.tiles.root.exists()
        assert not (settings.data.dir / "keys").exists()
        assert log.size() == 0
    with pytest.raises(UnavailableError):
        open_database(settings_for(settings.data.dir / "elsewhere"))
