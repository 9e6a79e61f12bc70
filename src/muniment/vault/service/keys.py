"""Data keys: made when first needed, turned, wrapped anew; and the pseudonyms of subjects."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from muniment import access
from muniment.core.actor import Actor
from muniment.core.errors import ConflictError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.vault import KeyMade, Rewrapped, Rotated
from muniment.vault import rules, store
from muniment.vault.models import DataKey, KeyState
from muniment.vault.service.safe import PURPOSE, Safe

KEY_BYTES: Final = 32
_NO_SUBJECT: Final = "-"
_AT_ONCE: Final = 200


def key_for(work: Work, safe: Safe, classification: str, subject: str) -> tuple[str, bytes]:
    """Find the key that encrypts such content now, making one if there is none; name and key."""
    rules.require_classification(classification, safe.settings.classifications)
    rules.require_subject(subject)
    period = rules.period_of(work.now, safe.settings.period)
    return _key_for(work, safe, classification, subject, period)


def key_ahead(safe: Safe, actor: Actor, classification: str, subject: str) -> tuple[str, bytes]:
    """Find the key for such content outside of any unit of work; it is made only if need be."""
    with safe.database.look(actor) as work:
        period = rules.period_of(work.now, safe.settings.period)
        newest = store.newest_key(work, classification, subject, period, hold=False)
    if newest is not None and newest.state is KeyState.CURRENT:
        return newest.kid, safe.secret_of(newest)
    with safe.database.work(actor) as work:
        return key_for(work, safe, classification, subject)


def pseudonym(work: Work, safe: Safe, identifier: str) -> str:
    """Give the pseudonym by which this installation knows a person; the same one every time."""
    _, secret = _key_for(work, safe, store.OWN, _NO_SUBJECT, _NO_SUBJECT)
    return rules.pseudonym_of(secret, identifier)


def rotate(
    safe: Safe, actor: Actor, *, reason: str, classification: str = "", subject: str = ""
) -> Rotated:
    """Give the keyring a new key, and let new content be encrypted under new data keys."""
    why = rules.require_reason(reason)
    with safe.database.look(actor) as work:
        access.require(work, "vault.rotate")
    # First the keyring: if we die before the rest is written, its new key serves the next try.
    keyring_key = safe.keyring().rotate(PURPOSE)
    with safe.database.work(actor) as work:
        retired = store.retire(work, classification, subject)
        done = Rotated(keyring_key, retired, classification, subject, why)
        record(work, done)
    return done


def rewrap(safe: Safe, actor: Actor) -> int:
    """Wrap every live data key under the keyring's current key; give how many were changed.

    Some at a time, each batch with its record. A batch that died half-way is not there at all, and
    both keys of the keyring still unwrap, so the next try goes on where this one ended.
    """
    with safe.database.look(actor) as work:
        access.require(work, "vault.rotate")
    keyring_key = safe.keyring().current(PURPOSE)
    changed, after = 0, ""
    while True:
        with safe.database.look(actor) as work:
            some = store.wrapped_otherwise(work, keyring_key, after, _AT_ONCE)
        if not some:
            return changed
        after = some[-1].kid
        # The keyring may be far away, so it is asked outside the transaction.
        fresh = [(key, _wrapped_anew(safe, key, keyring_key)) for key in some]
        with safe.database.work(actor) as work:
            count = sum(store.wrap_anew(work, key, keyring_key, new) for key, new in fresh)
            if count:
                record(work, Rewrapped(keyring_key, count))
        changed += count


def _key_for(
    work: Work, safe: Safe, classification: str, subject: str, period: str
) -> tuple[str, bytes]:
    newest = store.newest_key(work, classification, subject, period)
    if newest is not None and newest.state is KeyState.CURRENT:
        return newest.kid, safe.secret_of(newest)
    keyring = safe.keyring()
    keyring_key = keyring.current(PURPOSE)
    made = DataKey(
        kid=work.new_id("vk"),
        classification=classification,
        subject=subject,
        period=period,
        version=newest.version + 1 if newest else 1,
        state=KeyState.CURRENT,
        keyring_key=keyring_key,
        wrapped=b"",
        made_at=work.now,
    )
    secret = safe.chance(KEY_BYTES)
    wrapped = keyring.wrap(keyring_key, secret, safe.context(made))
    if store.add_key(work, replace(made, wrapped=wrapped)):
        record(work, KeyMade(made.kid, classification, subject, period, keyring_key))
        work.after_commit(lambda: safe.remembered.put(made.kid, secret))
        return made.kid, secret
    faster = store.newest_key(work, classification, subject, period)
    if faster is None or faster.state is not KeyState.CURRENT:
        raise ConflictError("a key for this content was made and ended meanwhile")
    return faster.kid, safe.secret_of(faster)


def _wrapped_anew(safe: Safe, key: DataKey, keyring_key: str) -> bytes:
    return safe.keyring().wrap(keyring_key, safe.secret_of(key), safe.context(key))
