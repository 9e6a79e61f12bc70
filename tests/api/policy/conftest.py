"""What tests of policy by JSON share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.policy.office import PolicyOffice, policy_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PolicyOffice]:
    """An installation with an author and a peer."""
    with policy_office(tmp_path) as opened:
        yield opened
