"""The product as a real process: started, listened to, stopped; and the command line as one."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from tests.server.forked import forked

PROGRAM = [sys.executable, "-c", "from muniment.main import run; run()"]
_ADDRESS = re.compile(r"(https?://[^\s/]+)")
_PATIENCE_SECONDS = 60
_UNLOCK = Path(mkdtemp(prefix="muniment-unlock-"))  # never the home of whoever runs the tests


@dataclass
class Running:
    """A process that listens, and what it has said so far."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    address: str = ""
    _heard: threading.Thread | None = None

    @property
    def port(self) -> int:
        """Give the port it listens on."""
        return int(self.address.rpartition(":")[2])

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and give the exit code."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Wait for the end, and until everything it said is heard; give the exit code."""
        code = self.process.wait(_PATIENCE_SECONDS)
        if self._heard is not None:
            self._heard.join(_PATIENCE_SECONDS)
        return code

    def listen(self, until: str) -> None:
        """Hear what it says; come back when a line holds these words, or when it has ended."""
        found = threading.Event()

        def hear() -> None:
            assert self.process.stderr is not None
            for line in self.process.stderr:
                self.said.append(line)
                address = _ADDRESS.search(line)
                if address and not self.address:
                    self.address = address[1]
                if until in line:
                    found.set()
            found.set()

        self._heard = threading.Thread(target=hear, daemon=True)
        self._heard.start()
        assert found.wait(_PATIENCE_SECONDS), self.said


def clean_environment(**extra: str) -> dict[str, str]:
    """Give this process's environment without settings of Muniment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MUNIMENT_")}
    return {**kept, "COLUMNS": "200", "MUNIMENT_UNLOCK_FOLDER": str(_UNLOCK), **extra}


@contextmanager
def started(
    *arguments: str,
    until: str = "://",
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    program: list[str] = PROGRAM,
) -> Iterator[Running]:
    """Start the product and wait until it says that it works; end it in any case."""
    process = subprocess.Popen(
        [*program, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env=clean_environment(**(environment or {})),
    )
    running = Running(process)
    try:
        running.listen(until)
        yield running
    finally:
        if process.poll() is None:
            process.kill()
        running.ended()
        assert process.stderr is not None
        process.stderr.close()


def command(
    *arguments: str,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    program: list[str] = PROGRAM,
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; with a program of one's own, from its very beginning."""
    surroundings = clean_environment(**(environment or {}))
    if program is PROGRAM:
        return forked(arguments, cwd=cwd, environment=surroundings, timeout=_PATIENCE_SECONDS)
    return subprocess.run(
        [*program, *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=surroundings,
        timeout=_PATIENCE_SECONDS,
    )
