"""Several processes on one socket: who dies is replaced, and all end together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from muniment.cli.serve import role_of

PROGRAM = """
import os, socket, sys, time
from pathlib import Path
from muniment.cli.several import several

def work(number):
    Path(sys.argv[1], f"{number}-{os.getpid()}").touch()
    time.sleep(60)
    return 0

listening = socket.socket()
listening.bind(("127.0.0.1", 0))
sys.exit(several(listening, 2, work))
"""


def _begun(folder: Path, count: int) -> list[str]:
    until = time.monotonic() + 60
    while (
        len(found := sorted(each.name for each in folder.iterdir())) < count
        and time.monotonic() < until
    ):
        time.sleep(0.05)
    return found


def test_who_dies_is_replaced_and_all_end_together(tmp_path: Path) -> None:
    """A killed process comes back under its number; a stop ends all of them, with nothing left."""
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as parent:
        first = _begun(tmp_path, 2)
        assert [name[0] for name in first] == ["0", "1"]
        os.kill(int(first[0].partition("-")[2]), signal.SIGKILL)
        again = _begun(tmp_path, 3)
        assert [name[0] for name in again] == ["0", "0", "1"]
        parent.terminate()
        assert parent.wait(30) == 0
    for name in again:
        assert not Path(f"/proc/{name.partition('-')[2]}").exists()


def test_each_process_records_under_its_own_name() -> None:
    """The first is the server itself; another that takes a place goes on with its numbers."""
    assert [role_of(number) for number in range(3)] == ["serve", "serve.2", "serve.3"]
