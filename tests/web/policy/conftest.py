"""What tests of the pages of policy share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.policy.office import PolicyOffice, policy_office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PolicyOffice]:
    """An installation with an author and a peer."""
    folder: Path = tmp_path_factory.mktemp("policy")
    with policy_office(folder) as opened:
        yield opened
