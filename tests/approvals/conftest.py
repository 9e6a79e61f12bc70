"""What tests of approvals share: people with roles, signed in."""

from __future__ import annotations

import pytest

from muniment.db import Database
from muniment.settings import Settings
from tests.approvals.people import Office


@pytest.fixture
def office(database: Database, settings: Settings) -> Office:
    """An installation with its first admin, on each database."""
    return Office(database, settings)
