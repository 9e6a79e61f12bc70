"""What tests of policy share: a company whose people write, review and publish policies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from muniment.access import Scope
from muniment.db import Database
from muniment.ledger import Log
from muniment.settings import Settings
from tests.policy.company import Company


@pytest.fixture
def company(database: Database, settings: Settings) -> Company:
    """A company with an author and a reviewer, on each database."""
    made = Company(database, settings)
    everywhere = Scope()
    made.person("ada", "security", scope=everywhere)
    made.person("bo", "compliance", scope=everywhere)
    return made


@pytest.fixture
def sealed(company: Company) -> Iterator[Log]:
    """The log of that company, begun, with a recorder that writes into it."""
    with company.log() as log:
        yield log
