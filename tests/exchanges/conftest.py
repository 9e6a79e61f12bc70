"""What tests of exchanges share: people, a writer and a log, on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from muniment.access import EVERYTHING
from muniment.core.actor import Actor, ActorKind
from muniment.db import Database
from muniment.ledger import Log, Writer
from muniment.ledger.service.writer import DatabaseSink
from muniment.settings import Settings
from muniment.testing.ledger import opened_log
from muniment.testing.vault import Vaulted, opened_vault
from tests.approvals.people import Office

CALLER = Actor(ActorKind.SERVICE, "svc_app", "key", "grant_1")


@pytest.fixture
def office(database: Database, settings: Settings) -> Office:
    """An installation with somebody who guards it, and somebody who may nothing."""
    made = Office(database, settings)
    made.person("sven", "security", scope=EVERYTHING)
    made.person("ben", "builder", scope=EVERYTHING)
    return made


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    """The batching writer of a process."""
    made = Writer(database, DatabaseSink(database, "test", str), "test", 0)
    made.start()
    yield made
    assert made.stop(grace_seconds=10)


@pytest.fixture
def vaulted(database: Database, settings: Settings) -> Iterator[Vaulted]:
    """A vault, once on each database."""
    with opened_vault(database, settings) as opened:
        yield opened


@pytest.fixture
def log(database: Database, settings: Settings) -> Iterator[Log]:
    """The log of the installation."""
    with opened_log(database, settings) as opened:
        opened.begin()
        yield opened
