"""How the vault stands, and removing what nobody can use any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from muniment import access, ledger
from muniment.core.actor import Actor
from muniment.core.clock import parse_stamp
from muniment.core.errors import MunimentError
from muniment.db import Work
from muniment.ledger import Query, record
from muniment.ledger.kinds.vault import Swept
from muniment.vault import store
from muniment.vault.models import VaultStatus
from muniment.vault.service.safe import AREA, PURPOSE, Safe

_SHOWN_SHREDS: Final = 50
_SWEPT_AT_ONCE: Final = 500
# No two ciphertexts are alike, so nobody can be about to keep the same one again.
_AT_ANY_AGE: Final = datetime.max.replace(tzinfo=UTC)


def status(safe: Safe, actor: Actor) -> VaultStatus:
    """Say how the vault stands; what the keyring does not tell is left open."""
    with safe.database.look(actor) as work:
        access.require(work, "vault.status", AREA)
        groups = store.groups(work)
        wrapping = store.wrapping_keys(work)
        objects, object_bytes = store.totals(work)
        tokens, shreds = store.count_tokens(work), store.newest_shreds(work, _SHOWN_SHREDS)
        now = work.now
    keyring_key = _current(safe) if wrapping else ""
    others = sum(row.keys for row in wrapping if row.keyring_key != keyring_key)
    oldest = min((row.since for row in wrapping), default=None)
    since = _rotated_at(safe, keyring_key) or oldest
    due = None
    if keyring_key and since is not None:
        due = since + timedelta(days=safe.settings.rotate_days) < now
    return VaultStatus(
        groups=groups,
        keyring_key=keyring_key,
        keyring_since=since,
        not_rewrapped=others if keyring_key else 0,
        objects=objects,
        object_bytes=object_bytes,
        tokens=tokens,
        shreds=shreds,
        rotate_days=safe.settings.rotate_days,
        rotation_is_due=due,
    )


def sweep(safe: Safe, actor: Actor) -> Swept:
    """Remove expired tokens and the ciphertexts that nobody can open, some at a time.

    First the bytes, then their rows: a death between the two leaves rows whose bytes are gone, and
    the next sweep takes them.
    """
    tokens = objects = 0
    while True:
        with safe.database.look(actor) as work:
            spent = store.spent_tokens(work, _SWEPT_AT_ONCE)
            digests = store.of_nobody(work, _SWEPT_AT_ONCE)
        if not spent and not digests:
            return Swept(tokens, objects)
        for digest in digests:
            safe.blobs.delete(f"sha256:{digest}", written_before=_AT_ANY_AGE)
        with safe.database.work(actor) as work:
            done = _forget(work, spent, digests)
        tokens, objects = tokens + done.tokens, objects + done.objects


def _forget(work: Work, spent: list[str], digests: list[str]) -> Swept:
    tokens = store.forget_tokens(work, spent) if spent else 0
    objects = store.forget_objects(work, digests) if digests else 0
    done = Swept(tokens, objects)
    record(work, done)
    return done


def _current(safe: Safe) -> str:
    try:
        return safe.keyring().current(PURPOSE)
    except MunimentError:
        return ""  # the pages say "could not tell"


def _rotated_at(safe: Safe, keyring_key: str) -> datetime | None:
    for row in ledger.find(safe.log, Query("vault.rotated"), limit=1).rows:
        if ledger.entry(safe.log, row.index).body.get("keyring_key") == keyring_key:
            return parse_stamp(row.at)
    return None
