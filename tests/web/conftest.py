"""The console, asked in process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.office import Office, office_in
from tests.web.asking import Asking, sample_console


@pytest.fixture
def pages() -> Asking:
    """Ask the console with sample surroundings."""
    return Asking(sample_console())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office, shared by the tests of a file."""
    with office_in(tmp_path_factory.mktemp("office")) as opened:
        yield opened
