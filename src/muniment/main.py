"""The one place that builds everything from settings, and the start of the `muniment` command.

Nothing else chooses parts. What is built is handed down as a `House`; nobody reaches for a global.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from muniment import __version__, cli
from muniment.blobs import make_storage
from muniment.core.clock import SystemClock
from muniment.db import open_database
from muniment.ledger import Recorder
from muniment.server.house import House
from muniment.server.start import build_digest
from muniment.settings import Loaded, load
from muniment.worker import make_runner


def run() -> None:
    """Be the `muniment` command."""
    cli.run(open_house=open_house)


def open_house(
    file: Path | None,
    overrides: Mapping[str, object],
    *,
    role: str = "cli",
    create: bool = False,
    environment: Mapping[str, str] | None = None,
) -> House:
    """Read the settings and open everything they name; `create` may make a new database."""
    loaded = load(file=file, overrides=overrides, environment=environment)
    return build_house(loaded, role=role, create=create)


def build_house(loaded: Loaded, *, role: str, create: bool = False) -> House:
    """Open everything the settings name, under one producer's name."""
    settings = loaded.settings
    clock = SystemClock()
    storage, storage_plugin = make_storage(settings)
    database = open_database(settings, clock=clock, create=create)
    database.recorder = Recorder(role)
    return House(
        loaded=loaded,
        database=database,
        storage=storage,
        plugins=(storage_plugin,),
        runner=make_runner(database, settings),
        clock=clock,
        version=__version__,
        build=build_digest(),
    )
