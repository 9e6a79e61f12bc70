"""The benchmark of the vault runs: every row is measured, whatever the machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import vault

ROOT = Path(__file__).resolve().parents[2]
ROWS = (
    vault.RAW_EACH,
    vault.RAW_HMAC,
    vault.RAW_BYTES,
    vault.MEMCPY,
    vault.RAW_ROWS,
    vault.ENCRYPT,
    vault.DECRYPT,
    vault.STREAM_IN,
    vault.STREAM_OUT,
    vault.KEEP,
    vault.OPEN,
    vault.WITH_CONTENT,
    vault.RANDOM_ONE,
    vault.RANDOM_MANY,
    vault.DIGITS_ONE,
    vault.DIGITS_MANY,
    vault.RESTORE,
    vault.ERASE,
    "its certificate verified",
    "the whole log verified after it",
)


@pytest.mark.slow
def test_every_row_is_measured() -> None:
    """The quick run ends well, prints every row, and leaves the page alone."""
    command = [sys.executable, "-m", "benchmarks.vault", "--quick"]
    page = ROOT / "docs" / "benchmarks.md"
    before = page.read_bytes() if page.exists() else b""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [row for row in ROWS if row not in done.stdout] == []
    assert (page.read_bytes() if page.exists() else b"") == before
