"""How the program is called on this machine: by its name, or by its path where a shell knows none.

What a page or a command tells somebody to paste must work as it stands, also from a clean clone.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import Final

NAME: Final = "muniment"


def program(python: Path = Path(sys.executable)) -> str:  # the one that runs
    """Name the program so that a shell finds it, ready to be pasted."""
    beside = python.with_name(NAME)
    if shutil.which(NAME) is not None or not beside.exists():
        return NAME
    return shlex.quote(str(beside))
