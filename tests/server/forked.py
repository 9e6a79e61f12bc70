"""The command line in a process of its own, begun from one that has already read the program.

Each command still has its own process, folder, environment, streams and exit code; only reading
the program's files, which costs a second each time, is done once. What needs a really new process
starts one (`started`, or `command` with a `program`).
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory

from muniment.main import run

_MODE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "tests.server.warmed"])
    return context


def forked(
    arguments: tuple[str, ...], *, cwd: Path | None, environment: Mapping[str, str], timeout: float
) -> CompletedProcess[str]:
    """Run one command to its end and give what it said, as text."""
    ended = forked_bytes(arguments, cwd=cwd, environment=environment, timeout=timeout)
    said = ended.stdout.decode(), ended.stderr.decode()
    return CompletedProcess(arguments, ended.returncode, *said)


def forked_bytes(
    arguments: tuple[str, ...],
    *,
    cwd: Path | None,
    environment: Mapping[str, str],
    timeout: float,
    given: bytes = b"",
) -> CompletedProcess[bytes]:
    """Run one command to its end, with something to read, and give what it said."""
    with TemporaryDirectory(prefix="muniment-said-") as folder:
        streams = [str(Path(folder) / name) for name in ("in", "out", "err")]
        Path(streams[0]).write_bytes(given)
        asked = (arguments, str(cwd or Path.cwd()), dict(environment), streams)
        process = _context().Process(target=_be, args=asked)
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            raise TimeoutExpired(arguments, timeout)
        said, complained = (Path(each).read_bytes() for each in streams[1:])
    return CompletedProcess(arguments, process.exitcode, said, complained)


def _be(
    arguments: tuple[str, ...], cwd: str, environment: Mapping[str, str], streams: list[str]
) -> None:
    """Become the command: its folder, its environment, its three streams, its words."""
    for number, (path, mode) in enumerate(zip(streams, (os.O_RDONLY, _MODE, _MODE), strict=True)):
        opened = os.open(path, mode, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 it lives as long as the process
    sys.argv = ["muniment", *arguments]
    run()
