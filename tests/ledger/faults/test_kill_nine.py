"""Real processes that record and seal are killed by SIGKILL, over and over.

Afterwards everything that any of them had said to be durable stands in the log exactly once.
"""

from __future__ import annotations

import multiprocessing
import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import pytest

from muniment.db import Receipt, open_database
from muniment.ledger import Log
from muniment.settings import Settings
from muniment.testing import fresh_database, settings_for
from muniment.testing.ledger import audit, open_test_log, sealed_entries
from tests.ledger.faults import writing
from tests.postgres import fresh_database as fresh_postgres

pytestmark = pytest.mark.slow

ROOT = Path(writing.__file__).parents[3]
KILLS = 30
WRITERS = 4
STORM_KILLS = 40


@pytest.fixture(scope="module")
def forkserver() -> ForkServerContext:
    """Starts processes that have read all our code already, each of them single and fresh."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([writing.__name__, "pytest"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))  # until the server runs
        context.Process(target=time.sleep, args=(0,)).start()
    return context


@dataclass
class Writing:
    """One running writer, and what it has acknowledged so far."""

    process: ForkServerProcess
    hears: Connection
    said: list[Receipt] = field(default_factory=list)
    _reader: threading.Thread | None = None

    def listen(self) -> None:
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        with open(self.hears.fileno(), closefd=False) as lines:
            for line in lines:
                if line.endswith("\n"):
                    name, producer, seq = line.split()
                    self.said.append(Receipt(name, producer, int(seq)))

    def kill(self) -> list[Receipt]:
        """End it without warning; give what it had acknowledged."""
        self.process.kill()
        self.process.join()
        assert self._reader is not None
        self._reader.join()
        self.hears.close()
        return self.said


def start_writer(
    forkserver: ForkServerContext, settings: Settings, producer: str, count: int, pause_ms: int
) -> Writing:
    """Start a writer and listen to it."""
    hears, says = forkserver.Pipe(duplex=False)
    url = settings.database.url.reveal()
    arguments = (settings.data.dir, url, producer, count, pause_ms, says)
    process = forkserver.Process(target=writing.write, args=arguments, daemon=True)
    process.start()
    says.close()
    started = Writing(process, hears)
    started.listen()
    return started


def wait_for_words(writer: Writing, seconds: float = 60.0) -> None:
    """Wait until it has acknowledged something."""
    until = time.monotonic() + seconds
    while not writer.said and time.monotonic() < until and writer.process.is_alive():
        time.sleep(0.01)
    assert writer.said, f"the writer said nothing; it ended with {writer.process.exitcode}"


@contextmanager
def reopened(settings: Settings) -> Iterator[Log]:
    """Open what the killed ones left behind."""
    database = open_database(settings)
    log = open_test_log(database, settings)
    try:
        yield log
    finally:
        log.close()
        database.close()


def begin(settings: Settings) -> None:
    """Make the tables, the log and its key; a key made here is cheap to open everywhere."""
    with fresh_database(settings) as database:
        open_test_log(database, settings).begin()


def require_all(settings: Settings, receipts: list[Receipt]) -> int:
    """Seal what is left, audit everything, and give the log's size."""
    with reopened(settings) as log:
        log.seal()
        report = audit(log, receipts)
        assert not log.status().waiting
        entries = list(sealed_entries(log.tiles.root, report.size))
    assert len({entry["id"] for entry in entries}) == report.size
    return report.size


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a migrated installation on the real clock."""
    with ExitStack() as stack:
        url = ""
        if request.param == "postgresql":
            url = stack.enter_context(fresh_postgres(request.getfixturevalue("postgres_url")))
        settings = settings_for(tmp_path / "data", url)
        begin(settings)
        yield settings


@pytest.mark.requirement("LOG-12")
def test_a_killed_writer_loses_nothing(empty: Settings, forkserver: ForkServerContext) -> None:
    """A writer killed thirty times at random moments has every acknowledged record in the log."""
    chance = random.Random(20261121)
    receipts: list[Receipt] = []
    for turn in range(KILLS):
        count, pause_ms = chance.choice((1, 7, 300)), chance.choice((0, 3))
        writer = start_writer(forkserver, empty, "writer", count, pause_ms)
        try:
            wait_for_words(writer)
            time.sleep(chance.random() * 0.4)
        finally:
            receipts += writer.kill()
        if turn % 10 == 9:
            require_all(empty, receipts)
    size = require_all(empty, receipts)
    assert size > len(receipts) > KILLS


@pytest.mark.requirement("LOG-12")
def test_a_storm_of_kills_among_four_writers(
    postgres_url: str, tmp_path: Path, forkserver: ForkServerContext
) -> None:
    """Four writers, each sealing too, are killed and restarted forty times: no gap and no fork."""
    chance = random.Random(40)
    receipts: list[Receipt] = []
    with fresh_postgres(postgres_url) as url:
        settings = settings_for(tmp_path / "data", url)
        begin(settings)

        def start(place: int) -> Writing:
            count = chance.choice((1, 20, 500))
            return start_writer(forkserver, settings, f"writer-{place % 3}", count, 5)

        writers = [start(place) for place in range(WRITERS)]
        try:
            for _ in range(STORM_KILLS):
                place = chance.randrange(WRITERS)
                wait_for_words(writers[place])
                time.sleep(chance.random() * 0.3)
                receipts += writers[place].kill()
                writers[place] = start(place)
        finally:
            for writer in writers:
                receipts += writer.kill()
        size = require_all(settings, receipts)
        assert size > len(receipts) > STORM_KILLS
