"""The one place that builds everything from settings, and the start of the `muniment` command.

Nothing else chooses parts. What is built is handed down as a `House`; nobody reaches for a global.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Mapping
from functools import cache
from getpass import getpass
from pathlib import Path

from muniment import __version__, cli
from muniment.access import Feeds, KeyBook, Reception, TurnedAway, open_feeds
from muniment.blobs import make_storage
from muniment.core.clock import Clock, SystemClock
from muniment.core.errors import MunimentError, UnavailableError
from muniment.db import Database, open_database
from muniment.jobs import Runner
from muniment.ledger import Log, Recorder, is_demo, open_log, producer_name
from muniment.net import Fetcher
from muniment.notices import Courier, load_notifiers, make_courier
from muniment.server.house import House
from muniment.server.start import build_digest
from muniment.settings import Loaded, Settings, load
from muniment.vault import Safe, find_unlock, load_keyring, open_keyring, open_safe, unlock_says


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
    clock: Clock | None = None,
) -> House:
    """Read the settings and open everything they name; `create` may make a new database."""
    loaded = load(file=file, overrides=overrides, environment=environment)
    return build_house(loaded, role=role, create=create, clock=clock)


def build_house(
    loaded: Loaded, *, role: str, create: bool = False, clock: Clock | None = None
) -> House:
    """Open everything the settings name, under one producer's name.

    The clock is the machine's; only who builds a demonstration hands in one of a story.
    """
    settings = loaded.settings
    clock = clock or SystemClock()
    try:
        storage, storage_plugin = make_storage(settings)
        keyring_plugin = load_keyring(settings)
        notifier_plugins = load_notifiers(settings)
        database = open_database(settings, clock=clock, create=create)
    except OSError as error:
        raise UnavailableError(
            f"{error.filename or settings.data.dir} cannot be used: {error.strerror or error}",
            field="data.dir",
            remedy="Mend its path and permissions, or give another --data.",
        ) from error
    build = build_digest()
    role = _producer(database, settings, role)
    log = open_log(
        database,
        settings,
        lambda installation: open_keyring(settings, find_unlock(settings, installation, _asker())),
        build=build,
        producer=role,
    )
    log.unlock_says = unlock_says(settings)
    database.recorder = Recorder(role, stopped=log.stopped)
    fetcher = Fetcher(settings, clock)
    feeds = open_feeds(settings, fetcher)
    courier = make_courier(settings, log, fetcher, notifier_plugins)
    safe = open_safe(database, log, storage, settings, secrets.token_bytes)
    return House(
        loaded=loaded,
        database=database,
        storage=storage,
        plugins=(storage_plugin, keyring_plugin, *feeds.plugins, *notifier_plugins),
        log=log,
        keybook=KeyBook(database),
        turned_away=TurnedAway(database),
        safe=safe,
        reception=Reception(database, settings, log.keyring, fetcher),
        feeds=feeds,
        courier=courier,
        made_runner=_runner_of(database, settings, log, safe, feeds, courier),
        clock=clock,
        version=__version__,
        build=build,
    )


def _producer(database: Database, settings: Settings, role: str) -> str:
    """Name what this process records; in a demonstration the name says so."""
    try:
        demo = is_demo(database, settings)
    except MunimentError:  # what is wrong with it is told by whoever uses it
        demo = False
    return producer_name(role, demo=demo)


def _runner_of(
    database: Database, settings: Settings, log: Log, safe: Safe, feeds: Feeds, courier: Courier
) -> Callable[[], Runner]:
    """Make the worker once, when it is asked for: it loads every room, and few commands need it."""

    @cache
    def made() -> Runner:
        from muniment.worker import make_runner  # noqa: PLC0415  (see above)

        return make_runner(database, settings, log, safe, feeds, courier)

    return made


def _asker() -> Callable[[str], str] | None:
    """Give a way to ask for a passphrase, if somebody sits at a terminal."""
    return (lambda what: getpass(f"{what}: ")) if sys.stdin.isatty() else None
