"""An installation with a ledger and a vault, as calibration needs it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from muniment.access import Scope
from muniment.db import Database
from muniment.ledger import Log
from muniment.settings import Settings
from muniment.testing.ledger import opened_log
from muniment.testing.vault import Vaulted, opened_vault
from muniment.vault.keyrings import local_file
from tests.detect.company import Company


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make deriving cheap: these tests open many keyrings."""
    monkeypatch.setitem(local_file._SCRYPT, "n", 2)


@pytest.fixture
def log(database: Database, settings: Settings) -> Iterator[Log]:
    """A log that records, once on each database."""
    with opened_log(database, settings) as opened:
        yield opened


@pytest.fixture
def vaulted(database: Database, settings: Settings) -> Iterator[Vaulted]:
    """A log that records and a vault that keeps, once on each database."""
    with opened_vault(database, settings) as opened:
        yield opened


@pytest.fixture
def company(database: Database, settings: Settings) -> Iterator[Company]:
    """A company with an author and a reviewer of changes, on each database."""
    made = Company(database, settings)
    with opened_vault(database, settings) as opened:
        made.safe = opened.safe
        made.person("ada", "security", scope=Scope())
        made.person("bo", "compliance", scope=Scope())
        yield made
