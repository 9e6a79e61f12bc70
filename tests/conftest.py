"""The few fixtures everything shares: a clock, both databases for real, a unit of work."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import hypothesis
import pytest
from sqlalchemy import make_url

from muniment.core.actor import Actor, ActorKind
from muniment.db import Database, Work, engine
from muniment.settings import Settings
from muniment.testing import FixedClock, fresh_database, settings_for
from muniment.vault.keyrings import local_file
from tests.compiled import Compiled
from tests.migrated import lay_copy
from tests.postgres import fresh_database as fresh_postgres
from tests.postgres import roomy_memory, server_for_session
from tests.shared_out import group_of

REAL_COST: Final = dict(local_file._SCRYPT)
"""What deriving a keyring's key costs outside of tests."""

# Tests kill processes and never pull the plug, so their files may lie in memory: fsync costs less.
if memory := roomy_memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))

PERSON = Actor(ActorKind.PERSON, "per_ines", "session", "grant_owner")


# How long a machine takes says nothing about what is promised, so no example is too slow.
hypothesis.settings.register_profile(
    "muniment", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("muniment")


def pytest_configure() -> None:
    """Collect no garbage while tests are found: nearly all of it stays."""
    gc.disable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even read a file in which none of the marks that were asked for stands."""
    asked = config.option.markexpr.split(" or ")
    if collection_path.suffix != ".py" or not set(asked) <= {"slow", "browser"}:
        return None
    text = collection_path.read_text(encoding="utf-8")
    return None if any(f"mark.{mark}" in text for mark in asked) else True


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Share tests out over processes so that what is dear to make is made once."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415  (a run in one process has none)

    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = group_of
    return scheduler


def pytest_collection_finish() -> None:
    """Spare the collector of garbage the thousands of tests that live as long as the run."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """Address of a real PostgreSQL server that the whole run shares."""
    with server_for_session(tmp_path_factory, worker_id) as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def _cheap_keyrings() -> Iterator[None]:
    """Let new keyrings open at once: the tenth of a second that guessing costs is not a test's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(local_file._SCRYPT, "n", 2)
        yield


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    """Let all databases of a run share the statements they compile: they are the same ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "create_engine", Compiled().create)
        yield


@pytest.fixture
def clock() -> FixedClock:
    """A clock that moves only when told."""
    return FixedClock()


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a PostgreSQL database that was migrated once, for tests to begin with a copy."""
    with fresh_postgres(postgres_url) as url:
        with fresh_database(settings_for(tmp_path_factory.mktemp("template"), url)):
            pass
        yield str(make_url(url).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an installation, once on each database.

    It is empty, but for the schema where a test asks for a `database`: then it begins as a copy of
    one that was migrated once, which is the same and quicker.
    """
    is_migrated = "database" in request.fixturenames
    if request.param == "sqlite":
        given = settings_for(tmp_path / "data")
        if is_migrated:
            lay_copy(given.data.dir)
        yield given
        return
    server = request.getfixturevalue("postgres_url")
    template = request.getfixturevalue("postgres_template") if is_migrated else "template0"
    with fresh_postgres(server, template) as url:
        yield settings_for(tmp_path / "data", url)


@pytest.fixture
def database(settings: Settings, clock: FixedClock) -> Iterator[Database]:
    """A migrated database, once on each."""
    with fresh_database(settings, clock) as opened:
        yield opened


@pytest.fixture
def work(database: Database) -> Iterator[Work]:
    """A unit of work by a person."""
    with database.work(PERSON) as opened:
        yield opened
