"""One quiet line per step: what it does, how it went, how long it took.

A step's own output is kept back and shown only when the step fails.
Use: python -m tools.step "Types are right" -- mypy --strict src
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

WHAT_WIDTH = 44


class StepFailedError(Exception):
    """A step ended with another exit code than 0; its output is in the message."""

    def __init__(self, command: Sequence[str], code: int, output: str) -> None:
        self.code = code
        super().__init__(f"{output.rstrip()}\n  command: {' '.join(command)}\n  exit code: {code}")


@contextmanager
def step(what: str) -> Iterator[None]:
    """Print what is being done, then how it went and how long it took."""
    print(f"  {what:<{WHAT_WIDTH}}", end=" ", flush=True)
    started = time.perf_counter()
    word = "FAILED"
    try:
        yield
        word = "ok"
    finally:
        print(f"{word:<6} {time.perf_counter() - started:6.1f} s", flush=True)


def quietly(
    command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> str:
    """Run a command without showing its output, and give the output back."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=None if env is None else dict(env),
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode != 0:
        raise StepFailedError(command, done.returncode, done.stdout)
    return done.stdout


def main(arguments: Sequence[str]) -> int:
    """Run one command as one step."""
    what, separator, *command = arguments
    if separator != "--" or not command:
        print('use: python -m tools.step "what it does" -- command …', file=sys.stderr)
        return 2
    try:
        with step(what):
            quietly(command)
    except StepFailedError as failed:
        print(failed, file=sys.stderr)
        return failed.code if failed.code > 0 else 1
    except FileNotFoundError:
        print(f"{command[0]} is not there; say `make dev` first", file=sys.stderr)
        return 127
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
