"""The open vault of this process: its keyring, its storage, and the data keys it remembers.

Data keys are remembered for a short time and up to a number, both set in the settings. What is
remembered is used only after its row was looked at in the same transaction, so that a key destroyed
by another process is never used again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from muniment.blobs import Blobs
from muniment.core.actor import ActorKind
from muniment.core.clock import Clock
from muniment.core.errors import ForbiddenError, NotFoundError, UnavailableError
from muniment.db import Database, Work
from muniment.ledger import Log
from muniment.plugins.sockets import Keyring, Storage
from muniment.settings import Settings
from muniment.settings.areas import VaultSettings
from muniment.vault import rules
from muniment.vault.models import DataKey, KeyState

PURPOSE: Final = "vault"


class Remembered:
    """Data keys in memory: so many at most, and none for longer than so many seconds."""

    def __init__(self, clock: Clock, most: int, seconds: int) -> None:
        self._clock, self._most, self._seconds = clock, most, seconds
        self._keys: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, kid: str) -> bytes | None:
        """Give a key that is remembered still."""
        with self._lock:
            until, secret = self._keys.get(kid, (0.0, b""))
            if not secret or until < self._clock.monotonic():
                self._keys.pop(kid, None)
                return None
            return secret

    def put(self, kid: str, secret: bytes) -> None:
        """Remember a key; the one remembered longest goes if there are too many."""
        with self._lock:
            self._keys[kid] = (self._clock.monotonic() + self._seconds, secret)
            while len(self._keys) > self._most:
                self._keys.popitem(last=False)

    def forget(self, *kids: str) -> None:
        """Forget these keys now."""
        with self._lock:
            for kid in kids:
                self._keys.pop(kid, None)

    def __len__(self) -> int:
        with self._lock:
            return len(self._keys)


@dataclass(slots=True)
class Safe:
    """Everything the verbs of the vault need; made once, in main.py."""

    database: Database
    log: Log
    blobs: Blobs
    settings: VaultSettings
    chance: Callable[[int], bytes] = field(repr=False)
    remembered: Remembered = field(repr=False)
    _installation: str = ""

    def begin(self) -> None:
        """Open the keyring, and begin the log if it has not begun; not within a unit of work."""
        self._installation = self.log.begin().installation
        self.log.keyring()

    def keyring(self) -> Keyring:
        """Give the keyring of this installation."""
        if not self._installation:
            if not self.log.vkeys():
                raise UnavailableError(
                    "the log has not begun, so there is no keyring yet",
                    remedy="Run `muniment ledger status` once, or start the server.",
                )
            self.begin()
        return self.log.keyring()

    def context(self, key: DataKey) -> bytes:
        """Say what a data key is bound to."""
        place = (key.classification, key.subject, key.period)
        return rules.key_context(self._installation, key.kid, *place)

    def secret_of(self, key: DataKey) -> bytes:
        """Unwrap a data key whose row was just read."""
        if key.state is KeyState.DESTROYED or key.wrapped is None:
            self.remembered.forget(key.kid)
            raise NotFoundError(
                f"the key of this content was destroyed at {key.ended_at:%Y-%m-%d %H:%M} UTC;"
                " nobody can open it",
                subject=key.kid,
                remedy="The certificate of the erasure is listed by `muniment vault status`.",
            )
        known = self.remembered.get(key.kid)
        if known is not None:
            return known
        keyring = self.keyring()
        try:
            secret = keyring.unwrap(key.keyring_key, key.wrapped, self.context(key))
        except NotFoundError as error:
            raise NotFoundError(
                f"the keyring no longer holds {key.keyring_key}, which wraps this data key",
                subject=key.kid,
                remedy="Restore the keyring; for new content run `muniment vault rotate`. "
                "See “A lost keyring” in docs/vault.md.",
            ) from error
        self.remembered.put(key.kid, secret)
        return secret


def open_safe(
    database: Database,
    log: Log,
    storage: Storage,
    settings: Settings,
    chance: Callable[[int], bytes],
) -> Safe:
    """Make the vault of this process; nothing is read or unlocked until a verb needs it."""
    vault = settings.vault
    remembered = Remembered(database.clock, vault.remembered_keys, vault.remembered_seconds)
    return Safe(database, log, Blobs(storage), vault, chance, remembered)


def require(work: Work, permission: str) -> None:
    """Refuse whoever may not do this: people and services need a grant, the system is itself."""
    if work.actor.kind is not ActorKind.SYSTEM and not work.actor.grant:
        raise ForbiddenError(
            f"you may not do this without {permission}",
            subject=work.actor.id,
            remedy="Ask an administrator for a role that has this permission.",
        )
