"""Where people show who they are: what every way to sign in needs, in one value.

Hashing a password costs memory on purpose, so only a few are hashed at once; whoever comes more
than that waits. Secrets that must be read again are sealed by the keyring, bound to whose they are.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from muniment.access.rules.secrets import SECRET_BYTES, is_secret, secret_digest
from muniment.core.errors import CorruptError, UnavailableError
from muniment.db import Database
from muniment.net import Fetcher
from muniment.plugins.sockets import Keyring
from muniment.settings import Settings

# RFC 9106, section 4, second recommended option: 64 MiB, three passes, four lanes.
HASHER: Final = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
_AT_ONCE: Final = 4
_PATIENCE_SECONDS: Final = 10.0
_PURPOSE: Final = "sign-in"


@dataclass(slots=True)
class Reception:
    """What every way to sign in needs."""

    database: Database
    settings: Settings
    keyring: Callable[[], Keyring]
    fetcher: Fetcher
    hasher: PasswordHasher = HASHER
    known: dict[str, tuple[float, object]] = field(default_factory=dict, repr=False)
    _turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(_AT_ONCE), repr=False)
    _nobody: str = field(default="", repr=False)

    def hash(self, password: str) -> str:
        """Hash a password."""
        with self._turn():
            return self.hasher.hash(password)

    def verify(self, hashed: str, password: str) -> bool:
        """Tell whether a password is the one hashed; without a hash, work as hard and say no."""
        with self._turn():
            try:
                self.hasher.verify(hashed or self._nobodys(), password)
            except VerificationError:
                return False
            except InvalidHashError as error:
                raise CorruptError("a stored password hash is damaged") from error
        return bool(hashed)

    def is_outdated(self, hashed: str) -> bool:
        """Tell whether a hash was made with less care than today's."""
        return self.hasher.check_needs_rehash(hashed)

    def seal(self, secret: bytes, context: str) -> tuple[str, str]:
        """Seal a secret; give the key's id and the sealed text."""
        keyring = self.keyring()
        key_id = keyring.current(_PURPOSE)
        sealed = keyring.wrap(key_id, secret, context.encode())
        return key_id, base64.b64encode(sealed).decode()

    def unseal(self, key_id: str, sealed: str, context: str) -> bytes:
        """Open what `seal` closed, if it belongs to the same context."""
        return self.keyring().unwrap(key_id, base64.b64decode(sealed), context.encode())

    def _nobodys(self) -> str:
        if not self._nobody:
            self._nobody = self.hasher.hash(secrets.token_urlsafe(SECRET_BYTES))
        return self._nobody

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=_PATIENCE_SECONDS):
            raise UnavailableError(
                "too many people sign in at this moment", remedy="Try again in a few seconds."
            )
        try:
            yield
        finally:
            self._turns.release()


def fresh_secret(of: str) -> tuple[str, str]:
    """Make a secret; give it, and the digest by which it is kept."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    return secret, secret_digest(secret, of=of)


def digest_of(secret: str, of: str) -> str:
    """Give the digest of a secret that was shown; empty if it cannot be one of ours."""
    return secret_digest(secret, of=of) if is_secret(secret) else ""
