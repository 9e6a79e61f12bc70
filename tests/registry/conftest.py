"""What tests of the registry share: a system with people around it, on each database."""

from __future__ import annotations

import pytest

from muniment.db import Database
from muniment.settings import Settings
from tests.registry.yard import Yard


@pytest.fixture
def yard(database: Database, settings: Settings) -> Yard:
    """An installation with its first admin, on each database."""
    return Yard(database, settings)
