"""What the tests of access share: a small company, on both databases."""

from __future__ import annotations

import pytest

from muniment.db import Database
from muniment.testing import FixedClock
from tests.access.company import Company


@pytest.fixture
def company(database: Database, clock: FixedClock) -> Company:
    """A company with its first admin, Ines, and with Ana, Bob and Cora, who hold nothing."""
    made = Company(database, clock)
    made.found()
    made.add("ana", "bob", "cora")
    return made
