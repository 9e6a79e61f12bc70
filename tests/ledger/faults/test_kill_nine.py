"""Real processes that record and seal are killed by SIGKILL, over and over.

Afterwards everything that any of them had said to be durable stands in the log exactly once.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
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

PROGRAM = Path(writing.__file__)
ROOT = PROGRAM.parents[3]
KILLS = 30
WRITERS = 4
STORM_SECONDS = 40.0


@dataclass
class Writing:
    """One running writer, and what it has acknowledged so far."""

    process: subprocess.Popen[str]
    said: list[Receipt] = field(default_factory=list)
    _reader: threading.Thread | None = None

    def listen(self) -> None:
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):
                name, producer, seq = line.split()
                self.said.append(Receipt(name, producer, int(seq)))

    def kill(self) -> list[Receipt]:
        """End it without warning; give what it had acknowledged."""
        self.process.kill()
        self.process.wait()
        assert self._reader is not None
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.said


def start_writer(settings: Settings, producer: str, count: int, pause_ms: int) -> Writing:
    """Start a writer and listen to it."""
    url = settings.database.url.reveal() or "-"
    arguments = [str(settings.data.dir), url, producer, str(count), str(pause_ms)]
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}/src{os.pathsep}{ROOT}"},
    )
    writing = Writing(process)
    writing.listen()
    return writing


def wait_for_words(writer: Writing, seconds: float = 60.0) -> None:
    """Wait until it has acknowledged something."""
    until = time.monotonic() + seconds
    while not writer.said and time.monotonic() < until and writer.process.poll() is None:
        time.sleep(0.01)
    assert writer.said, f"the writer said nothing; it ended with {writer.process.poll()}"


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
        with fresh_database(settings):
            pass
        yield settings


@pytest.mark.requirement("LOG-12")
def test_a_killed_writer_loses_nothing(empty: Settings) -> None:
    """A writer killed thirty times at random moments has every acknowledged record in the log."""
    chance = random.Random(20261121)
    receipts: list[Receipt] = []
    for turn in range(KILLS):
        writer = start_writer(empty, "writer", chance.choice((1, 7, 300)), chance.choice((0, 3)))
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
def test_a_storm_of_kills_among_four_writers(postgres_url: str, tmp_path: Path) -> None:
    """Four writers, each sealing too, are killed and restarted for a while: no gap and no fork."""
    chance = random.Random(40)
    receipts: list[Receipt] = []
    with fresh_postgres(postgres_url) as url:
        settings = settings_for(tmp_path / "data", url)
        with fresh_database(settings):
            pass

        def start(place: int) -> Writing:
            return start_writer(settings, f"writer-{place % 3}", chance.choice((1, 20, 500)), 1)

        writers = [start(place) for place in range(WRITERS)]
        try:
            until = time.monotonic() + STORM_SECONDS
            kills = 0
            while time.monotonic() < until:
                place = chance.randrange(WRITERS)
                wait_for_words(writers[place])
                time.sleep(chance.random() * 0.8)
                receipts += writers[place].kill()
                kills += 1
                writers[place] = start(place)
        finally:
            for writer in writers:
                receipts += writer.kill()
        size = require_all(settings, receipts)
        print(f"{kills} kills, {len(receipts)} acknowledged, {size} entries")
        assert kills >= WRITERS
        assert size > len(receipts) > kills
