"""The front door of the room."""

from __future__ import annotations

import subprocess
import sys


def test_library_use_loads_no_database() -> None:
    """Whoever imports the scanner alone does not pay for a database or a web framework."""
    code = (
        "import sys; from muniment.detect import Scanner;"
        "Scanner(layers='patterns').scan('a@example.com');"
        "print([m for m in ('sqlalchemy','starlette','typer','rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
