"""A process that records without end and seals beside it, to be killed by a test.

It says on standard output which records are durable, a line each, after their commit.
Arguments: data folder, database address or "-", producer, records per commit, pause in ms.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from muniment.core.actor import system_actor
from muniment.db import open_database
from muniment.ledger import Recorder, Sealer, record
from muniment.ledger.kinds import Heartbeat
from muniment.testing import settings_for
from muniment.testing.ledger import open_test_log


def main(folder: str, url: str, producer: str, count: int, pause_ms: int) -> None:
    """Write until killed."""
    settings = settings_for(Path(folder), "" if url == "-" else url, **{"ledger.seal_ms": 10})
    database = open_database(settings)
    database.recorder = Recorder(producer)
    Sealer(open_test_log(database, settings, producer=producer)).start()
    actor = system_actor("test")
    while True:
        with database.work(actor) as work:
            for _ in range(count):
                record(work, Heartbeat(producer, 60))
        lines = "".join(f"{each.id} {each.producer} {each.seq}\n" for each in work.receipts)
        sys.stdout.write(lines)
        sys.stdout.flush()
        time.sleep(pause_ms / 1000)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
