"""Digests of content under the key of whose data it is; gone with the key, like the content."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from muniment import access
from muniment.core.actor import Actor
from muniment.core.errors import ConflictError, NotFoundError
from muniment.db import Work, kept_fresh
from muniment.ledger import record
from muniment.ledger.kinds.vault import Matched
from muniment.vault import rules, store
from muniment.vault.models import KeyState
from muniment.vault.service.keys import key_ahead
from muniment.vault.service.safe import Safe

_REMEMBERED_SECONDS: Final = 1.0
_SOON_SECONDS: Final = 0.6
_MOST: Final = 10_000


@dataclass(slots=True)
class Digester:
    """Makes digests in one process; a key is asked for again after a second."""

    safe: Safe = field(repr=False)
    classification: str
    _keys: dict[str, tuple[float, str, rules.Keyed]] = field(default_factory=dict, repr=False)

    def digest(self, actor: Actor, subject: str, content: bytes) -> tuple[str, str]:
        """Give the name of the key of whose data it is, and the digest under it."""
        now = self.safe.database.clock.monotonic()
        known = self._keys.get(subject)
        age = now - known[0] if known is not None else -1.0
        if known is None or not 0 <= age < _REMEMBERED_SECONDS:
            known = self._read(actor, subject)
        elif age >= _SOON_SECONDS:
            kept_fresh((id(self), subject), partial(self._read, actor, subject))
        return known[1], known[2].digest(content)

    def _read(self, actor: Actor, subject: str) -> tuple[float, str, rules.Keyed]:
        now = self.safe.database.clock.monotonic()
        kid, secret = key_ahead(self.safe, actor, self.classification, subject)
        known = (now, kid, rules.Keyed(rules.digest_key(secret, kid)))
        if len(self._keys) >= _MOST:
            self._keys.clear()
        self._keys[subject] = known
        return known


def matches(work: Work, safe: Safe, kid: str, digest: str, content: bytes, *, reason: str) -> bool:
    """Say whether this text is the one that a digest was made of; asked for a reason, on record."""
    access.require(work, "vault.open")
    why = rules.require_reason(reason)
    key = store.key(work, kid, hold=True)
    if key is None:
        raise NotFoundError("the vault has no such key", subject=kid[:60], remedy="Copy its name.")
    if key.state is KeyState.DESTROYED:
        raise ConflictError(
            "the key was destroyed with whose data it was, so nothing can be proved any more",
            subject=kid,
            remedy="Nothing; that is what erasure means.",
        )
    made = rules.keyed_digest(rules.digest_key(safe.secret_of(key), kid), content)
    same = hmac.compare_digest(made, digest)
    record(work, Matched(kid, digest, key.subject, why, same))
    return same
