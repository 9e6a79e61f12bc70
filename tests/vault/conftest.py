"""A real vault on each database, and a cheap way to open its keyring."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from muniment.db import Database
from muniment.settings import Settings
from muniment.testing.vault import Vaulted, opened_vault
from muniment.vault.keyrings import local_file


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make deriving cheap: these tests open many keyrings."""
    monkeypatch.setitem(local_file._SCRYPT, "n", 2)


@pytest.fixture
def vaulted(database: Database, settings: Settings) -> Iterator[Vaulted]:
    """A vault, once on each database."""
    with opened_vault(database, settings) as opened:
        yield opened
