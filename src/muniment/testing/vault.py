"""A real vault for a test: its log, its storage on disk, and keys from a keyring file."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from muniment.blobs import DiskStorage
from muniment.core.actor import Actor, ActorKind
from muniment.db import Database
from muniment.ledger import Log
from muniment.settings import Settings
from muniment.testing.ledger import WrapKeyring, opened_log
from muniment.vault import Safe, open_safe

INES: Final = Actor(ActorKind.PERSON, "per_ines", "session", "grant_custodian")
OMAR: Final = Actor(ActorKind.PERSON, "per_omar", "session", "grant_custodian")
SUBJECT: Final = "sub_0a1b2c3d4e5f6a7b8c9d"
OTHER: Final = "sub_ffffffffffffffffffff"


@dataclass(frozen=True, slots=True)
class Vaulted:
    """An installation with a vault, as a test sees it."""

    database: Database
    log: Log
    safe: Safe


@contextmanager
def opened_vault(
    database: Database, settings: Settings, *, wrap: WrapKeyring | None = None
) -> Iterator[Vaulted]:
    """Open the vault of a test's installation; `wrap` may put something around its keyring."""
    with opened_log(database, settings, wrap=wrap) as log:
        storage = DiskStorage(settings.data.dir / "blobs")
        safe = open_safe(database, log, storage, settings, secrets.token_bytes)
        safe.begin()
        yield Vaulted(database, log, safe)
