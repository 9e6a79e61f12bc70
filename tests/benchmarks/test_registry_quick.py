"""The benchmark of the registry runs: every row is measured, whatever the machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import registry

ROOT = Path(__file__).resolve().parents[2]
ROWS = (
    *(registry.LIST, registry.SEARCH, registry.NONE, registry.NARROW),
    *(registry.VERSIONS, registry.OF_COMMIT, registry.INTERVALS, registry.OBSERVED),
    *(registry.AS_OF, registry.WHOLE, registry.LOOK, registry.BACK),
)


@pytest.mark.slow
def test_every_row_is_measured() -> None:
    """The quick run ends well, prints every row, and leaves the page alone."""
    command = [sys.executable, "-m", "benchmarks.registry", "--quick"]
    page = ROOT / "docs" / "benchmarks.md"
    before = page.read_bytes() if page.exists() else b""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [row for row in ROWS if row not in done.stdout] == []
    assert (page.read_bytes() if page.exists() else b"") == before
