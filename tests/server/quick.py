"""A `muniment` for shell scripts in tests, begun from a process that has already read the program.

The script's command hands its words, folder, environment and streams to that process, which forks:
each command is still a process of its own, with its own exit code, and signals reach it.
"""

from __future__ import annotations

import array
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from muniment.main import run

ROOT = Path(__file__).parents[2]
_STREAMS = 3
_COMMAND = """#!{python} -IS
import array, json, os, signal, socket, sys
asked = socket.socket(socket.AF_UNIX)
asked.connect({address!r})
words = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
streams = array.array("i", [0, 1, 2])
asked.sendmsg(
    [len(words).to_bytes(4, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)]
)
asked.sendall(words)
process = int.from_bytes(asked.recv(4), "big")
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, lambda number, _frame: os.kill(process, number))
left = asked.recv(1)
sys.exit(left[0] if left else 70)
"""


@contextmanager
def quick_command(folder: Path) -> Iterator[Path]:
    """Put a `muniment` into a folder, and keep the process that answers it."""
    command = folder / "muniment"
    with TemporaryDirectory(prefix="quick-") as short:  # a socket's address may not be long
        address = f"{short}/asked"
        command.write_text(_COMMAND.format(python=sys.executable, address=address))
        command.chmod(0o755)
        answering = subprocess.Popen(
            [sys.executable, "-m", "tests.server.quick", address],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        try:
            assert answering.stdout is not None
            assert answering.stdout.readline(), "nobody answers"
            yield command
        finally:
            answering.kill()
            answering.communicate()


def answer(address: str) -> None:
    """Fork for everybody who asks, until killed."""
    import_module("tests.server.warmed")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    os.write(1, b"ready\n")
    while True:
        asked, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _be(asked)
        asked.close()


def _be(asked: socket.socket) -> None:
    """Become the command, and tell how it ended."""
    length, passed, _, _ = asked.recvmsg(4, socket.CMSG_SPACE(_STREAMS * array.array("i").itemsize))
    streams = array.array("i")
    streams.frombytes(passed[0][2])
    with asked.makefile("rb") as reading:
        arguments, folder, environment = json.loads(reading.read(int.from_bytes(length, "big")))
    for number, opened in enumerate(streams):
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 it lives as long as the process
    sys.argv = ["muniment", *arguments]
    asked.sendall(os.getpid().to_bytes(4, "big"))
    code: object = 0
    try:
        run()
    except SystemExit as ended:
        code = ended.code
    left = code if isinstance(code, int) else int(code is not None)
    sys.stdout.flush()
    sys.stderr.flush()
    asked.sendall(bytes([left]))
    os._exit(left)


if __name__ == "__main__":
    answer(sys.argv[1])
