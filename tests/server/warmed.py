"""Reads, once, what every command of a room reads before it begins; processes fork from it.

Imported by the processes that tests begin commands from, and by nothing else.
"""

from __future__ import annotations

import contextlib
import io
import sys
from typing import Final

from muniment.main import run

ROOMS: Final = ("access", "approvals", "ledger", "policy", "registry")


def warm() -> None:
    """Let each room say what it can do, to nobody."""
    kept, hook = sys.argv, sys.excepthook
    for room in ROOMS:
        sys.argv = ["muniment", room, "--help"]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
            run()
    sys.argv, sys.excepthook = kept, hook


warm()
