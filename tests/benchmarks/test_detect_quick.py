"""The benchmark of detection runs, and its texts are what they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import detect, detect_texts

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_every_row_is_measured() -> None:
    """The quick run ends well, prints every row and ratio, and leaves the page alone."""
    command = [sys.executable, "-m", "benchmarks.detect", "--quick"]
    page = ROOT / "docs" / "benchmarks.md"
    before = page.read_bytes()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [f"F1 of {kind}" for kind, _, _ in detect_texts.KINDS]
    rows += [detect.OURS, detect.RE, f"{detect.OURS} ÷ {detect.RE}", "from import to first scan"]
    assert [row for row in rows if row not in done.stdout] == []
    assert page.read_bytes() == before


def test_the_texts_say_where_their_value_stands() -> None:
    """The same seed gives the same texts, and places cut out the value."""
    once, twice = (list(detect_texts.texts(5, seed=7)) for _ in range(2))
    assert once == twice
    assert len({each.type for each in once}) == len(detect_texts.KINDS)
    assert all(each.text[each.start : each.end].strip() for each in once)
    assert list(detect_texts.plain(3, 1)) == list(detect_texts.plain(3, 1))
