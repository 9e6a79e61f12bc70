"""A house to ask, in process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.server import House
from tests.server.asking import house_in


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An open installation on SQLite."""
    with house_in(tmp_path / "data") as opened:
        yield opened
