"""What tests of the registry share: a system with people around it, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.db import Database
from muniment.settings import Settings
from tests.registry.yard import Yard
from tests.server.registered import Registered, registered_in


@pytest.fixture
def yard(database: Database, settings: Settings) -> Yard:
    """An installation with its first admin, on each database."""
    return Yard(database, settings)


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Registered]:
    """An installation with its people and its log."""
    with registered_in(tmp_path) as found:
        yield found
