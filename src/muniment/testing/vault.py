"""A real vault for a test: its log, its storage on disk, keys from a file, and two custodians."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from muniment import access
from muniment.access import Holder, HolderKind
from muniment.blobs import DiskStorage
from muniment.core.actor import Actor, ActorKind, system_actor
from muniment.core.ids import IdMaker
from muniment.db import Database
from muniment.ledger import Log
from muniment.settings import Settings
from muniment.testing.ledger import WrapKeyring, opened_log
from muniment.vault import Safe, open_safe

INES: Final = Actor(ActorKind.PERSON, "per_ines", "session")
OMAR: Final = Actor(ActorKind.PERSON, "per_omar", "session")
SUBJECT: Final = "sub_0a1b2c3d4e5f6a7b8c9d"
OTHER: Final = "sub_ffffffffffffffffffff"
_ROLE: Final = "security"
_SETTING_UP: Final = system_actor("test")


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
        let_in_custodians(database)
        yield Vaulted(database, log, safe)


def let_in_custodians(database: Database) -> None:
    """Let Ines and Omar in, who may do everything with the vault; once."""
    with database.look(_SETTING_UP) as work:
        known = {person.id for person in access.people(work).rows}
    if INES.id in known:
        return
    ids: Any = database.ids
    try:
        for actor in (INES, OMAR):
            database.ids = _Naming(ids, actor.id)  # type: ignore[assignment]
            with database.work(_SETTING_UP) as work:
                name = actor.id.removeprefix("per_")
                access.add_person(work, name.title(), f"{name}@example.com")
                holder = Holder(HolderKind.PERSON, actor.id)
                access.grant(work, holder, _ROLE, reason="Keeps the vault in this test.")
    finally:
        database.ids = ids


@dataclass(frozen=True, slots=True)
class _Naming:
    """Makes ids as ever, but for that of the person who is let in."""

    ids: IdMaker
    person: str

    def new(self, prefix: str) -> str:
        return self.person if prefix == "per" else self.ids.new(prefix)
