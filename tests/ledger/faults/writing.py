"""A process that records without end and seals beside it, to be killed by a test.

It says over a pipe which records are durable, a line each, after their commit.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TextIO

from muniment.core.actor import system_actor
from muniment.db import Receipt, open_database
from muniment.ledger import Recorder, Sealer, open_writer, record
from muniment.ledger.kinds import Heartbeat
from muniment.testing import settings_for
from muniment.testing.ledger import open_test_log


def say(lines: TextIO, receipts: Sequence[Receipt]) -> None:
    """Say which records are durable."""
    lines.writelines(f"{each.id} {each.producer} {each.seq}\n" for each in receipts)
    lines.flush()


def write(
    folder: Path, url: str, producer: str, count: int, pause_ms: int, said: Connection
) -> None:
    """Write so many records in each commit, with a pause after it, until killed.

    After a unit of work a writer commits twice, the second time from the place it remembers.
    """
    settings = settings_for(folder, url, **{"ledger.seal_ms": 10})
    database = open_database(settings)
    log = open_test_log(database, settings, producer=producer)
    database.recorder = Recorder(producer, stopped=log.stopped)
    Sealer(log).start()
    actor = system_actor("test")
    writer = open_writer(database, producer, log.stopped)
    with open(said.fileno(), "w", closefd=False) as lines:
        while True:
            with database.work(actor) as work:
                for _ in range(count):
                    record(work, Heartbeat(producer, 60))
            say(lines, work.receipts)
            for _ in range(2):
                beats = [Heartbeat(producer, 60)] * count
                say(lines, writer.append(actor, beats).result())
            time.sleep(pause_ms / 1000)
