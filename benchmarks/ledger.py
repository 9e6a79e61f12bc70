"""Measures the ledger: `make bench-ledger`, with ARGS="--quick" only to see that it runs.

Writing is measured with everything that makes a record durable; beside it, in the same run, stand
the databases alone, given the same bytes. The row with
encrypted content keeps 500 bytes beside each record; more of it: `make bench-vault`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy.engine import make_url

from benchmarks import ledger_log, vault
from benchmarks.report import Goal, Report, machine_facts, quantile
from muniment.core.actor import system_actor
from muniment.core.clock import SystemClock
from muniment.db import Database, open_database
from muniment.ledger import Recorder
from muniment.ledger.kinds import Heartbeat
from muniment.ledger.service.ground import split_batch
from muniment.ledger.service.writer import DatabaseSink, Writer
from muniment.testing import fresh_database, settings_for
from muniment.testing.ledger import opened_log
from muniment.testing.vault import opened_vault
from tools import postgres

BATCH: Final = 1_000
CALLERS: Final = 64
PG_WRITERS: Final = 2
_ACTOR: Final = system_actor("bench")
_WAIT_SECONDS: Final = 600
# Batches that wait together are stored as one row, so the largest is taken and cut.
_LARGEST: Final = "SELECT entries FROM ledger_pending ORDER BY entry_count DESC LIMIT 1"
DURABLE: Final = "durable records, one process, batches of 1,000, SQLite"
DURABLE_P99: Final = "  such a batch from call to receipts, p99"
CALLED: Final = "durable records, 64 callers with one record each, SQLite"
RAW_SQLITE: Final = "SQLite alone, the same bytes in batches of 1,000"
RAW_SINGLE: Final = "SQLite alone, the same bytes one by one"
PG: Final = "durable records, two processes, batches of 1,000, PostgreSQL"
PG_CONTENT: Final = "the same, each with encrypted content of 500 bytes"
RAW_COPY: Final = "PostgreSQL alone, COPY in batches of 1,000, one process"
RAW_INSERT: Final = "PostgreSQL alone, INSERT in batches of 1,000, one process"


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is measured."""

    records: int = 200_000
    callers_each: int = 500
    postgres_each: int = 100_000
    sealed: int = 200_000
    log: int = 1_000_000
    proofs: int = 100_000
    pymerkle: int = 100_000


QUICK: Final = Amounts(3_000, 5, 2_000, 3_000, 1_500, 100, 1_000)

_TEN: Final = ledger_log.TEN_MILLION
GOALS: Final = (
    Goal("Durable records, batches of 1,000", DURABLE, at_least=100_000, beside=RAW_SQLITE),
    Goal(
        "The same, each with encrypted content",
        vault.WITH_CONTENT,
        at_least=100_000,
        beside=vault.RAW_ROWS,
    ),
    Goal(
        "Such records, two processes over PostgreSQL", PG_CONTENT, at_least=100_000, beside=RAW_COPY
    ),
    Goal("Such a batch, 99 of 100 within", DURABLE_P99, at_most=30),
    Goal("64 independent callers, one record each", CALLED, at_least=10_000, beside=RAW_SINGLE),
    Goal("PostgreSQL, two writers", PG, at_least=50_000, beside=RAW_COPY),
    Goal("The same", PG, at_least=50_000, beside=RAW_INSERT),
    Goal("Verify 10,000,000 entries: everything", _TEN + ledger_log.VERIFY_TWO, at_most=10),
    Goal("Verify 10,000,000 entries: every hash", _TEN + ledger_log.HASHES_TWO, at_most=10),
    Goal("Name one flipped byte in 1,000,000", ledger_log.FLIPPED, at_most=1),
    Goal("Inclusion proofs generated, cold", ledger_log.PROVE, at_least=30_000),
    Goal("Inclusion proofs verified", ledger_log.CHECK, at_least=100_000),
)


def main() -> None:
    """Measure everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only see that every row runs")
    parser.add_argument("--entries", type=int, help="size of the log that is verified")
    parser.add_argument("--without-page", action="store_true", help="leave docs/benchmarks.md be")
    given = parser.parse_args()
    amounts = QUICK if given.quick else Amounts()
    size = given.entries or amounts.log
    report = Report("ledger", "The ledger")
    with tempfile.TemporaryDirectory(prefix="mbench-") as folder:
        report.facts += machine_facts(f"PostgreSQL {postgres.ensure_binaries().version}")
        print(*report.facts, sep="\n")
        _measure_sqlite(report, Path(folder), amounts)
        _measure_sealing(report, Path(folder), amounts.sealed)
        vault.measure_records(report, Path(folder) / "vault", amounts.records)
        _measure_postgres(report, amounts)
        (Path(folder) / "log").mkdir()
        ledger_log.measure(report, Path(folder) / "log", size, amounts.proofs)
    ledger_log.measure_pymerkle(report, amounts.pymerkle, min(amounts.proofs, 2_000))
    report.compare(DURABLE, RAW_SQLITE)
    report.compare(PG, RAW_COPY)
    report.compare(PG, RAW_INSERT)
    report.judge(GOALS)
    if not given.quick and not given.without_page:
        report.write()


def records(count: int) -> list[object]:
    """Make ordinary records."""
    return [Heartbeat(f"gateway-{n % 7}", n + 1) for n in range(count)]


@contextmanager
def writer_of(database: Database, producer: str, linger_ms: float) -> Iterator[Writer]:
    """Run a writer."""
    writer = Writer(database, DatabaseSink(database, producer, str), producer, linger_ms)
    writer.start()
    yield writer
    writer.stop(grace_seconds=_WAIT_SECONDS)


def _measure_sqlite(report: Report, folder: Path, amounts: Amounts) -> None:
    with fresh_database(settings_for(folder / "durable"), SystemClock()) as database:
        _measure_batches(report, database, amounts.records)
        _measure_callers(report, database, amounts.callers_each)
        entries = vault.stored_entries(folder / "durable" / "muniment.db")
    _measure_raw_sqlite(report, folder / "raw.db", entries)


def _measure_batches(report: Report, database: Database, count: int) -> None:
    """One caller keeps two batches in flight, so that making and committing overlap."""
    some, took = records(BATCH), []
    with writer_of(database, "bench", 0) as writer:
        began = time.perf_counter()
        ahead = writer.append(_ACTOR, some)
        for _ in range(count // BATCH - 1):
            following = writer.append(_ACTOR, some)
            ahead.result(_WAIT_SECONDS)
            ahead = following
        ahead.result(_WAIT_SECONDS)
        report.add(DURABLE, count / (time.perf_counter() - began), "records/s")
        for _ in range(max(20, count // BATCH // 2)):
            seconds = ledger_log.seconds_of(
                lambda: writer.append(_ACTOR, some).result(_WAIT_SECONDS)
            )
            took.append(seconds * 1_000)
    report.add("  such a batch from call to receipts, p50", quantile(took, 0.5), "ms")
    report.add(DURABLE_P99, quantile(took, 0.99), "ms")


def _measure_callers(report: Report, database: Database, each: int) -> None:
    one = records(1)
    with writer_of(database, "callers", 2.0) as writer:

        def call() -> None:
            for _ in range(each):
                writer.append(_ACTOR, one).result(_WAIT_SECONDS)

        threads = [threading.Thread(target=call) for _ in range(CALLERS)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rate = CALLERS * each / (time.perf_counter() - began)
    report.add(CALLED, rate, "records/s")


def _measure_raw_sqlite(report: Report, path: Path, entries: Sequence[bytes]) -> None:
    rate = vault.rate_of_rows(path, entries, 100)
    report.add(RAW_SQLITE, rate, "records/s", "synchronous=FULL, a row per record")
    with closing(vault.plain_rows(path.with_suffix(".singly.db"))) as raw:
        began = time.perf_counter()
        for each in entries:
            raw.execute("INSERT INTO entry (data) VALUES (?)", (each,))
        rate = len(entries) / (time.perf_counter() - began)
    report.add(RAW_SINGLE, rate, "records/s", "synchronous=FULL, a commit per record")


class _NotNow:
    """Stands in for the index while only sealing is measured."""

    def next_index(self) -> int:
        return 1 << 62


def _measure_sealing(report: Report, folder: Path, count: int) -> None:
    settings = settings_for(folder / "seal")
    with (
        fresh_database(settings, SystemClock()) as database,
        opened_log(database, settings) as log,
    ):
        log.begin()
        some = records(BATCH)
        with writer_of(database, "bench", 0) as writer:
            for _ in range(count // BATCH):
                writer.append(_ACTOR, some).result(_WAIT_SECONDS)
        index: Any = log.index
        log.index = _NotNow()  # type: ignore[assignment]
        rate = count / ledger_log.seconds_of(log.seal)
        report.add("sealed: from waiting to a signed head, tiles synced", rate, "entries/s")
        log.index = index
        report.add("taken into the index", count / ledger_log.seconds_of(log.seal), "entries/s")


def _measure_postgres(report: Report, amounts: Amounts) -> None:
    folder = Path(tempfile.mkdtemp(prefix="mbench-pg-"))
    server = postgres.start(folder)
    try:
        url = _new_database(server.url)
        with fresh_database(settings_for(folder / "data", url), SystemClock()) as database:
            place, each = (str(folder / "data"), url), amounts.postgres_each
            report.add(PG, _rate_of_processes(_write_batches, place, each), "records/s")
            with database.inspect() as connection:
                found = connection.exec_driver_sql(_LARGEST).scalar_one()
            with opened_vault(database, settings_for(folder / "data", url)):
                rate = _rate_of_processes(_write_content, place, each // 2)
            report.add(PG_CONTENT, rate, "records/s")
        entries = split_batch(bytes(found))[:BATCH]
        _measure_raw_postgres(report, _plain(_new_database(server.url)), entries)
    finally:
        server.stop()
        shutil.rmtree(folder)


def _rate_of_processes(write: Callable[..., None], place: tuple[str, str], each: int) -> float:
    """Let two processes write at the same time; give records a second of both."""
    context = multiprocessing.get_context("spawn")
    together, took = context.Barrier(PG_WRITERS), context.Queue()
    writers = [
        context.Process(target=write, args=(*place, f"bench{n}", each, together, took))
        for n in range(PG_WRITERS)
    ]
    for writer in writers:
        writer.start()
    times = [took.get(timeout=_WAIT_SECONDS) for _ in writers]
    for writer in writers:
        writer.join(_WAIT_SECONDS)
    seconds = max(end for _, end in times) - min(begin for begin, _ in times)
    return float(PG_WRITERS * each / seconds)


def _write_content(
    folder: str,
    url: str,
    producer: str,
    count: int,
    together: Any,  # noqa: ANN401 of multiprocessing
    took: Any,  # noqa: ANN401 of multiprocessing
) -> None:
    settings = settings_for(Path(folder), url)
    database = open_database(settings)
    database.recorder = Recorder(producer)
    with opened_vault(database, settings) as house:
        together.wait(_WAIT_SECONDS)
        began = time.perf_counter()
        vault.write_records(house, count, producer)
        took.put((began, time.perf_counter()))
    database.close()


def _write_batches(
    folder: str,
    url: str,
    producer: str,
    count: int,
    together: Any,  # noqa: ANN401 of multiprocessing
    took: Any,  # noqa: ANN401 of multiprocessing
) -> None:
    database = open_database(settings_for(Path(folder), url))
    some = records(BATCH)
    with writer_of(database, producer, 0) as writer:
        together.wait(_WAIT_SECONDS)
        began = time.perf_counter()
        ahead = writer.append(_ACTOR, some)
        for _ in range(count // BATCH - 1):
            following = writer.append(_ACTOR, some)
            ahead.result(_WAIT_SECONDS)
            ahead = following
        ahead.result(_WAIT_SECONDS)
        took.put((began, time.perf_counter()))
    database.close()


def _measure_raw_postgres(report: Report, url: str, entries: Sequence[bytes]) -> None:
    batches, rows = 50, [(each,) for each in entries]
    with psycopg.connect(url) as raw:
        raw.execute("CREATE TABLE entry (id bigserial PRIMARY KEY, data bytea NOT NULL)")
        raw.commit()
        began = time.perf_counter()
        for _ in range(batches):
            with raw.cursor().copy("COPY entry (data) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            raw.commit()
        rate = batches * len(rows) / (time.perf_counter() - began)
        report.add(RAW_COPY, rate, "records/s", "a row per record")
        began = time.perf_counter()
        for _ in range(batches):
            raw.cursor().executemany("INSERT INTO entry (data) VALUES (%s)", rows)
            raw.commit()
        rate = batches * len(rows) / (time.perf_counter() - began)
        report.add(RAW_INSERT, rate, "records/s", "a row per record")


def _new_database(url: str) -> str:
    name = f"bench_{secrets.token_hex(4)}"
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _plain(url: str) -> str:
    plain = make_url(url).set(drivername="postgresql")
    return plain.render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
