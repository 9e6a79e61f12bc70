"""What the tests of access share: a small company, and a reception that lets people in."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.access import Person, Reception
from muniment.db import Database
from muniment.settings import Settings
from muniment.testing import FixedClock
from tests.access.company import Company
from tests.access.reception import person_of, reception_in


@pytest.fixture
def company(database: Database, clock: FixedClock) -> Company:
    """A company with its first admin, Ines, and with Ana, Bob and Cora, who hold nothing."""
    made = Company(database, clock)
    made.found()
    made.add("ana", "bob", "cora")
    return made


@pytest.fixture
def reception(tmp_path: Path, database: Database, settings: Settings) -> Reception:
    """A reception on each database."""
    return reception_in(tmp_path, database, settings)


@pytest.fixture
def ines(reception: Reception) -> Person:
    """An active person with a password and no role."""
    return person_of(reception)
