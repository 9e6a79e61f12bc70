"""What tests of notices over the API share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.notices.room import Room
from tests.server.asking import house_in


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Open it."""
    with house_in(tmp_path / "data") as house:
        house.log.begin()
        yield Room(house)
