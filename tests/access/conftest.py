"""What tests of signing in share."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.access import Person, Reception
from muniment.db import Database
from muniment.settings import Settings
from tests.access.reception import person_of, reception_in


@pytest.fixture
def reception(tmp_path: Path, database: Database, settings: Settings) -> Reception:
    """A reception on each database."""
    return reception_in(tmp_path, database, settings)


@pytest.fixture
def ines(reception: Reception) -> Person:
    """An active person with a password and no role."""
    return person_of(reception)
