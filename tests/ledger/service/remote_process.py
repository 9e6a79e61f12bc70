"""A process of its own for the tests of the socket: one that writes, or one that sends.

python remote_process.py write FOLDER
python remote_process.py send FOLDER PRODUCER ACKNOWLEDGED STOP
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

from muniment.core.actor import system_actor
from muniment.core.errors import MunimentError
from muniment.db import open_database
from muniment.ledger.kinds import Heartbeat
from muniment.ledger.service.remote import SOCKET_FILE, SocketSink, WriterSocket
from muniment.ledger.service.writer import DatabaseSink, Writer
from muniment.testing import settings_for


def write(folder: Path) -> None:
    """Write for the others until killed."""
    database = open_database(settings_for(folder))
    writer = Writer(database, DatabaseSink(database, "w", str), "w")
    writer.start()
    WriterSocket(writer, folder / SOCKET_FILE).start()
    say_ready()
    threading.Event().wait()


def send(folder: Path, producer: str, acknowledged: Path, stop: Path) -> None:
    """Send batches of several callers, trying again, and note each receipt."""
    database = open_database(settings_for(folder))
    sink = SocketSink(folder / SOCKET_FILE, producer)
    writer = Writer(database, sink, producer, linger_ms=1)
    writer.start()
    pause = threading.Event()
    say_ready()
    with acknowledged.open("a") as told:
        while not stop.exists():
            records = [Heartbeat(producer, n + 1) for n in range(7)]
            waiting = [writer.append(system_actor(producer), records) for _ in range(5)]
            for each in waiting:
                try:
                    for one in each.result(120):
                        told.write(json.dumps([one.id, one.producer, one.seq]) + "\n")
                except MunimentError:
                    pause.wait(0.05)
            told.flush()
    writer.stop(grace_seconds=30)
    sink.close()
    database.close()


def say_ready() -> None:
    """Tell the test that the work begins."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]))
    else:
        send(Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]), Path(sys.argv[5]))
