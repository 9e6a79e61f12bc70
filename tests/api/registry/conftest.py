"""What these tests share: an installation with a system and its people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.registered import Registered, registered_in


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Registered]:
    """An installation with its people."""
    with registered_in(tmp_path) as found:
        yield found
