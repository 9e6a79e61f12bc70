"""What tests of these commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.registry.left import Left


@pytest.fixture
def left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Left:
    """A folder to keep house in, and a way to run commands there."""
    return Left(tmp_path, capsys)
