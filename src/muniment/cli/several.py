"""Several processes that answer on one address: they share a socket, and one that dies is replaced.

The first process only watches. Each of the others opens the house for itself, so nothing is shared
but the database and the socket.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable
from threading import Thread
from types import FrameType
from typing import Final

import typer

_REST_SECONDS: Final = 1.0


def several(listening: socket.socket, workers: int, work: Callable[[int], int]) -> int:
    """Keep so many processes at work until told to stop; give the worst of their exit codes."""
    running = {_begun(work, number): number for number in range(workers)}
    stopping = False

    def end(signaled: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        for pid in running:
            os.kill(pid, signaled)

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, end)
    typer.echo(f"{workers} processes answer on port {listening.getsockname()[1]}", err=True)
    worst = 0
    while running:
        pid, status = os.wait()
        number = running.pop(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if stopping:
            worst = max(worst, 0 if code == -signal.SIGTERM else abs(code))
            continue
        typer.echo(f"process {pid} ended with {code}; another takes its place", err=True)
        time.sleep(_REST_SECONDS)
        if stopping:
            continue
        fresh = _begun(work, number)
        running[fresh] = number
        if stopping:  # told to stop while the new one began, which nobody has told yet
            os.kill(fresh, signal.SIGTERM)
    return worst


def _begun(work: Callable[[int], int], number: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)
        Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
        code = work(number)
    finally:
        os._exit(code)


def _end_with(parent: int) -> None:
    """End when the process that watches over this one is gone."""
    while os.getppid() == parent:
        time.sleep(_REST_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
