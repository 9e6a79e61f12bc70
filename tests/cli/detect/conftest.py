"""What tests of these commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.detect.running import MAIL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an address, a clean file and a binary."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(f"one\ntwo {MAIL}\n")
    (tmp_path / "in" / "clean.txt").write_text("plain words\n")
    return tmp_path
