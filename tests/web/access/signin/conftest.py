"""A house with quick hashing, and a browser that looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.access import first_link
from muniment.server import House
from muniment.server.app import make_app
from tests.access.reception import QUICK, ROOT
from tests.server.asking import house_in
from tests.web.access.signin.browsing import Browsing


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An open installation that nobody has set up."""
    with house_in(tmp_path / "data", **{"jobs.inside": False}) as opened:
        opened.log.begin()
        opened.reception.hasher = QUICK
        yield opened


@pytest.fixture
def browsing(house: House) -> Browsing:
    """A browser."""
    return Browsing(make_app(house))


@pytest.fixture
def link(house: House) -> str:
    """The address of the first link."""
    with house.database.work(ROOT) as work:
        return f"/console/set-up/{first_link(work, house.settings).secret}"
