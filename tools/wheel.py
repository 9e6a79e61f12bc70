"""Try the built wheel as a stranger would: installed from the locks, with no source tree in sight.

Builds the wheel, installs it into a new environment, and from an empty folder asks for the version,
starts the server, waits until it is healthy, and stops it as Ctrl-C does.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.environment import ROOT, SetupError, create, install_lock, install_pip, pip_install
from tools.step import StepFailedError, quietly, step

HEALTHY_WITHIN_S = 60
STOPPED_WITHIN_S = 40


def build(folder: Path) -> Path:
    """Build the wheel with the locked build backend, offline."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps"]
    quietly([*pip, "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)])
    return next(folder.glob("muniment-*.whl"))


def free_port() -> int:
    """Find a port on loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def server(command: Path, folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start `muniment up` in a folder, its output in up.log there; never leave it running."""
    settings = {"MUNIMENT_SERVER_PORT": str(port)}
    with (folder / "up.log").open("wb") as log:
        running = subprocess.Popen(
            [str(command), "up"],
            cwd=folder,
            env=os.environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield running
        finally:
            running.kill()
            running.wait()


def wait_until_healthy(running: subprocess.Popen[bytes], port: int) -> None:
    """Ask /health until it says ok; give up when the server ends or takes too long."""
    last_word = "no answer"
    give_up_at = time.monotonic() + HEALTHY_WITHIN_S
    while time.monotonic() < give_up_at and running.poll() is None:
        try:
            address = f"http://127.0.0.1:{port}/health"
            with urllib.request.urlopen(address, timeout=5) as answer:
                last_word = answer.read().decode(errors="replace")
        except (urllib.error.URLError, OSError) as not_yet:
            last_word = str(not_yet)
        if "ok" in last_word.lower():
            return
        time.sleep(0.2)
    ended = "" if running.poll() is None else f" (it ended with exit code {running.poll()})"
    raise StepFailedError(["muniment", "up"], 1, f"not healthy: {last_word}{ended}")


def stop(running: subprocess.Popen[bytes]) -> None:
    """Stop the server as Ctrl-C does; it must end in peace."""
    running.send_signal(signal.SIGINT)
    try:
        code = running.wait(STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        raise StepFailedError(["muniment", "up"], 1, "did not stop after Ctrl-C") from None
    if code != 0:
        raise StepFailedError(["muniment", "up"], code, "did not stop with exit code 0")


def try_wheel(scratch: Path) -> None:
    """Build, install, start and stop, one line each."""
    venv, empty = scratch / "venv", scratch / "empty"
    empty.mkdir()
    with step("Wheel is built"):
        wheel = build(scratch)
    with step("Wheel and locked packages are installed"):
        create(venv)
        install_pip(venv)
        install_lock(venv, "run.lock")
        pip_install(venv, "--no-index", str(wheel), cwd=empty)
    command = venv / "bin" / "muniment"
    with step("muniment version"):
        quietly([str(command), "version"], cwd=empty)
    port = free_port()
    try:
        with server(command, empty, port) as running:
            with step("muniment up becomes healthy"):
                wait_until_healthy(running, port)
            with step("muniment up stops in peace"):
                stop(running)
    except StepFailedError:
        print((empty / "up.log").read_text(errors="replace"), file=sys.stderr)
        raise


def main() -> int:
    """Try the wheel and say what failed, if anything."""
    try:
        with tempfile.TemporaryDirectory(prefix="muniment-wheel-") as scratch:
            try_wheel(Path(scratch))
    except (SetupError, StepFailedError) as failed:
        print(failed, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
