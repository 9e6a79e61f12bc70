"""A process of its own under the soak: it records, and notes every receipt it was given.

    python -m benchmarks.soak_process ROLE FOLDER DATABASE_URL PRODUCER ACKNOWLEDGED STOP

The roles: `direct` writes into the database itself, `hub` too and takes batches over the socket,
`sender` sends its batches to the hub.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from muniment.core.actor import system_actor
from muniment.core.errors import MunimentError
from muniment.db import Database, Receipt, open_database
from muniment.ledger.kinds import Heartbeat
from muniment.ledger.service.remote import SOCKET_FILE, SocketSink, WriterSocket
from muniment.ledger.service.sink import DatabaseSink, Sink
from muniment.ledger.service.writer import Writer
from muniment.testing import settings_for

_CALLERS = 4
_RECORDS = 5
_PAUSE_SECONDS = 0.02
_WAIT_SECONDS = 120


def main(arguments: Sequence[str]) -> None:
    """Record until the stop file is there."""
    role, folder, url, producer, acknowledged, stop = arguments
    database = open_database(settings_for(Path(folder), url))
    path = Path(folder) / SOCKET_FILE
    writer = Writer(database, _sink(role, database, path, producer), producer)
    writer.start()
    if role == "hub":
        WriterSocket(writer, path).start()
    told = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    callers = [
        threading.Thread(target=_call, args=(writer, told, Path(stop))) for _ in range(_CALLERS)
    ]
    for each in callers:
        each.start()
    for each in callers:
        each.join()
    if role == "hub":
        threading.Event().wait()  # the senders may still need it; who started us ends us
    writer.stop(grace_seconds=_WAIT_SECONDS)


def _sink(role: str, database: Database, path: Path, producer: str) -> Sink:
    if role == "sender":
        return SocketSink(path, producer)
    return DatabaseSink(database, producer, str)


def _call(writer: Writer, told: int, stop: Path) -> None:
    pause = threading.Event()
    actor = system_actor("soak")
    number = 0
    while not stop.exists():
        number += 1
        records = [Heartbeat(writer.producer, number) for _ in range(_RECORDS)]
        try:
            receipts: Sequence[Receipt] = writer.append(actor, records).result(_WAIT_SECONDS)
        except MunimentError:
            pause.wait(_PAUSE_SECONDS * 10)  # not acknowledged: nobody may count on it
            continue
        # One call of the system: a line is there whole or not, also when we are killed.
        lines = [f"{one.id} {one.producer} {one.seq}\n" for one in receipts]
        os.write(told, "".join(lines).encode())
        pause.wait(_PAUSE_SECONDS)


if __name__ == "__main__":
    main(sys.argv[1:])
