"""A ledger to ask, in process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from muniment.server import House
from tests.web.ledger.recorded import ACTORS, EVIL, UNICODE, Promoted, filled, put


@pytest.fixture(scope="package")
def ledger_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation with 124 sealed entries, two of them strange, and one that waits."""
    with strange_house(tmp_path_factory.mktemp("filled")) as house:
        yield house


@contextmanager
def strange_house(folder: Path) -> Iterator[House]:
    """Open such an installation; whoever saves lists, which is recorded, takes their own."""
    with filled(folder, 120) as house:
        strange = [Promoted(EVIL, 8, EVIL), Promoted(UNICODE, 9, UNICODE), Promoted("=1+1", 1, "")]
        put(house, strange, ACTORS[1])
        house.log.seal()
        put(house, [Promoted("credit-score", 10, "waits")])
        yield house
