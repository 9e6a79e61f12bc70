"""What is told to be pasted names the program as a shell finds it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from muniment.core.program import program


def test_it_is_named_by_its_path_where_no_shell_knows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it on the path its place beside the Python is told, and that runs; else its name."""
    monkeypatch.setenv("PATH", str(tmp_path))
    named = program()
    assert named.endswith("/muniment")
    told = subprocess.run(
        f"{named} --help",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert program() == "muniment"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program(tmp_path / "python") == "muniment", "beside that Python there is none"
