"""What tests of notices share: an office with notices, on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from muniment.db import Database
from muniment.settings import Settings
from muniment.testing.ledger import opened_log
from tests.notices.desk import Desk


@pytest.fixture
def desk(database: Database, settings: Settings) -> Iterator[Desk]:
    """An office with notices, its log and a receiver."""
    with opened_log(database, settings) as log:
        log.begin()
        yield Desk(database, settings, log)
