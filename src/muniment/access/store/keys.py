"""Keys as they are kept: a digest, limits, and when each was last used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.engine import Row

from muniment.access.models import Holder, HolderKind, Key, KeyLimits, Scope
from muniment.access.store.tables import key_uses_table, keys_table
from muniment.core.errors import ConflictError, NotFoundError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Work

_KEYS = keys_table.c
_USES = key_uses_table.c
# Built once, for one key is asked for while calls are under way.
_ASKED = select(keys_table, _USES.last_used_at).join(
    key_uses_table, _USES.key_id == _KEYS.id, isouter=True
)
_ONE = _ASKED.where(_KEYS.id == bindparam("of"))


def add_key(work: Work, key: Key, digest: str) -> None:
    """Keep a new key by its digest."""
    allowed = key.limits.permissions
    work.write(
        insert(keys_table).values(
            id=key.id,
            digest=digest,
            holder_kind=key.holder.kind.value,
            holder_id=key.holder.id,
            label=key.label,
            shown=key.shown,
            permissions=None if allowed is None else sorted(allowed),
            scope=key.limits.scope.as_dict(),
            budget=key.budget,
            created_at=key.created_at,
            created_by=key.created_by,
            expires_at=key.expires_at,
            revoked_at=key.revoked_at,
            replaced_by=key.replaced_by,
            version=key.version,
        )
    )


def save_key(work: Work, key: Key) -> Key:
    """Keep the end of a key; whoever changed it in between wins."""
    written = work.write(
        update(keys_table)
        .where(_KEYS.id == key.id, _KEYS.version == key.version)
        .values(
            label=key.label,
            expires_at=key.expires_at,
            revoked_at=key.revoked_at,
            replaced_by=key.replaced_by,
            version=key.version + 1,
        )
    )
    if written.count != 1:
        raise ConflictError(
            "somebody else changed this key meanwhile",
            subject=key.id,
            remedy="Read it again, then change it.",
        )
    return find_key(work, key.id)


def find_key(work: Work, key_id: str) -> Key:
    """Find a key by its id."""
    found = work.read(_ONE, {"of": key_id}).one_or_none()
    if found is None:
        raise NotFoundError(
            "there is no such key", subject=key_id, remedy="See `muniment access keys list`."
        )
    return _key(found)


def key_by_digest(work: Work, digest: str) -> tuple[str, Key] | None:
    """Find a key by what is kept of its secret; give the kept digest too, to be compared."""
    found = work.read(_ASKED.where(_KEYS.digest == digest)).one_or_none()
    return (found.digest, _key(found)) if found else None


def keys_of(work: Work, holder: Holder) -> tuple[Key, ...]:
    """List all keys somebody ever had."""
    asked = _ASKED.where(_KEYS.holder_kind == holder.kind.value, _KEYS.holder_id == holder.id)
    return tuple(_key(row) for row in work.read(asked.order_by(_KEYS.id)))


def working_keys(work: Work) -> tuple[tuple[str, Key], ...]:
    """List the keys that may still open something, each with its digest."""
    asked = _ASKED.where((_KEYS.revoked_at.is_(None)) | (_KEYS.revoked_at > work.now))
    return tuple((row.digest, _key(row)) for row in work.read(asked.order_by(_KEYS.id)))


def keys_at(work: Work, at: datetime) -> tuple[Key, ...]:
    """List the keys that worked at a moment."""
    asked = _ASKED.where(
        _KEYS.created_at <= at,
        or_(_KEYS.revoked_at.is_(None), _KEYS.revoked_at > at),
        or_(_KEYS.expires_at.is_(None), _KEYS.expires_at > at),
    )
    return tuple(_key(row) for row in work.read(asked.order_by(_KEYS.id)))


def keys(
    work: Work, *, holder_id: str = "", cursor: str | None = None, limit: int = 50
) -> Page[Key]:
    """List keys, newest first."""
    asked = _ASKED.order_by(_KEYS.id.desc())
    if holder_id:
        asked = asked.where(_KEYS.holder_id == holder_id)
    if cursor:
        asked = asked.where(_KEYS.id < str(read_cursor(cursor, 1)[0]))
    rows = work.read(asked.limit(require_limit(limit) + 1)).all()
    more = write_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    return Page(tuple(_key(row) for row in rows[:limit]), more)


def note_uses(work: Work, uses: Mapping[str, datetime]) -> None:
    """Keep when keys were last used; an older time never replaces a newer one."""
    for key_id, at in sorted(uses.items()):
        if work.insert_if_absent(key_uses_table, {"key_id": key_id, "last_used_at": at}):
            continue
        work.write(
            update(key_uses_table)
            .where(_USES.key_id == key_id, _USES.last_used_at < at)
            .values(last_used_at=at)
        )


def _key(row: Row[Any]) -> Key:
    return Key(
        id=row.id,
        holder=Holder(HolderKind(row.holder_kind), row.holder_id),
        label=row.label,
        shown=row.shown,
        limits=KeyLimits(
            None if row.permissions is None else frozenset(row.permissions), Scope.read(row.scope)
        ),
        budget=row.budget,
        created_at=row.created_at,
        created_by=row.created_by,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
        replaced_by=row.replaced_by,
        version=row.version,
    )
