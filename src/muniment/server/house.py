"""Everything that was built from settings, in one value that doors and workers are given."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from muniment.access import Feeds, KeyBook, Reception, TurnedAway
from muniment.core.clock import Clock
from muniment.core.errors import UnavailableError
from muniment.db import Database
from muniment.jobs import Runner
from muniment.ledger import Log
from muniment.notices import Courier
from muniment.plugins import LoadedPlugin
from muniment.plugins.sockets import Storage
from muniment.settings import Loaded, Settings
from muniment.vault import Safe


@dataclass(frozen=True, slots=True)
class House:
    """The open installation: settings, database, storage, plug-ins, log, vault and worker."""

    loaded: Loaded
    database: Database
    storage: Storage
    plugins: tuple[LoadedPlugin, ...]
    log: Log
    keybook: KeyBook
    turned_away: TurnedAway
    safe: Safe
    reception: Reception
    feeds: Feeds
    courier: Courier
    made_runner: Callable[[], Runner]
    clock: Clock
    version: str
    build: str

    @property
    def settings(self) -> Settings:
        """The effective settings."""
        return self.loaded.settings

    @property
    def runner(self) -> Runner:
        """The worker, made when it is first asked for: it loads the jobs of every room."""
        return self.made_runner()

    def close(self) -> None:
        """Give everything back."""
        with suppress(UnavailableError):  # neither is worth a failed stop
            self.keybook.write_uses()
            self.turned_away.write()
        self.log.close()
        self.database.close()
