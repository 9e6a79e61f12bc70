"""Debian's Go with its public note and tile-log packages, for the test that reads our log with it.

`python -m tools.go` finds or installs it. The packages are Debian's `golang-golang-x-mod-dev`.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tools import debian
from tools.step import StepFailedError

PACKAGES = ("golang-go", "golang-golang-x-mod-dev")
SOURCES = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")


def is_here() -> bool:
    """Tell whether the compiler and the packages are installed."""
    return shutil.which("go") is not None and SOURCES.is_dir()


def main() -> int:
    """Make sure of Go, installing it if need be."""
    try:
        if not is_here() and debian.can_install():
            debian.install("Go", PACKAGES)
    except StepFailedError as refused:
        print(f"muniment: {refused}", file=sys.stderr)
        return 1
    if not is_here():
        print(f"muniment: one slow test needs Go; install {' '.join(PACKAGES)}", file=sys.stderr)
        return 1
    print(f"  Go is {shutil.which('go')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
