"""Data keys as rows: find, add, retire, wrap anew, destroy, count."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, bindparam, case, func, select, update

from muniment.db import Work
from muniment.vault.models import DataKey, KeyGroup, KeyState
from muniment.vault.store.tables import keys_table as keys

OWN: str = "_pseudonyms"
_LIVE = keys.c.state != KeyState.DESTROYED.value

# Built once: making a statement costs more than running it.
_KEY: Final = select(keys).where(keys.c.kid == bindparam("of_kid"))
_HELD_KEY: Final = _KEY.with_for_update(read=True)
_NEWEST: Final = (
    select(keys)
    .where(
        keys.c.classification == bindparam("of_class"),
        keys.c.subject == bindparam("of_subject"),
        keys.c.period == bindparam("of_period"),
    )
    .order_by(keys.c.version.desc())
    .limit(1)
)
_HELD_NEWEST: Final = _NEWEST.with_for_update(read=True)


def key(work: Work, kid: str, *, hold: bool = False) -> DataKey | None:
    """Read a data key; `hold` keeps whoever would destroy it waiting until this work ends."""
    row = work.read(_HELD_KEY if hold else _KEY, {"of_kid": kid}).one_or_none()
    return _key(row) if row else None


def newest_key(
    work: Work, classification: str, subject: str, period: str, *, hold: bool = True
) -> DataKey | None:
    """Read the newest key for such content, held until this work ends; its state is any."""
    wanted = {"of_class": classification, "of_subject": subject, "of_period": period}
    row = work.read(_HELD_NEWEST if hold else _NEWEST, wanted).one_or_none()
    return _key(row) if row else None


def add_key(work: Work, made: DataKey) -> bool:
    """Add a data key unless another process has just added one for the same content."""
    row = asdict(made) | {"state": made.state.value}
    return work.insert_if_absent(keys, row)


def retire(work: Work, classification: str = "", subject: str = "") -> int:
    """Let the current keys encrypt nothing new; give how many there were."""
    wanted = [keys.c.state == KeyState.CURRENT.value, keys.c.classification != OWN]
    wanted += _narrowed(classification, subject)
    changed = update(keys).where(*wanted)
    state = KeyState.RETIRED.value
    return work.write(changed.values(state=state, ended_at=work.now)).count


def live_kids(work: Work, subject: str, classification: str = "") -> list[DataKey]:
    """List the keys of a subject that still open something, held until this work ends."""
    query = select(keys).where(_LIVE, *_narrowed(classification, subject))
    rows = work.read(query.order_by(keys.c.kid).with_for_update()).all()
    return [_key(row) for row in rows]


def destroy(work: Work, kids: Collection[str]) -> int:
    """Take the wrapped material of keys away, for ever."""
    changed = update(keys).where(keys.c.kid.in_(kids), _LIVE)
    state = KeyState.DESTROYED.value
    return work.write(changed.values(state=state, wrapped=None, ended_at=work.now)).count


def ended(work: Work, kids: Collection[str]) -> dict[str, datetime]:
    """Tell which of these keys are destroyed, and since when."""
    query = select(keys.c.kid, keys.c.ended_at).where(keys.c.kid.in_(kids), ~_LIVE)
    return {row.kid: row.ended_at for row in work.read(query).all()}


def wrapped_otherwise(work: Work, keyring_key: str, after: str, limit: int) -> list[DataKey]:
    """List live keys that are not wrapped under this key of the keyring."""
    query = (
        select(keys)
        .where(_LIVE, keys.c.keyring_key != keyring_key, keys.c.kid > after)
        .order_by(keys.c.kid)
        .limit(limit)
    )
    return [_key(row) for row in work.read(query).all()]


def wrap_anew(work: Work, old: DataKey, keyring_key: str, wrapped: bytes) -> bool:
    """Put a key's new wrapping in the old one's place, if nobody changed or destroyed it."""
    changed = update(keys).where(
        keys.c.kid == old.kid, keys.c.keyring_key == old.keyring_key, _LIVE
    )
    return work.write(changed.values(keyring_key=keyring_key, wrapped=wrapped)).count == 1


def groups(work: Work) -> tuple[KeyGroup, ...]:
    """Count the keys by classification and period."""

    def count(state: KeyState) -> ColumnElement[Any]:
        return func.sum(case((keys.c.state == state.value, 1), else_=0))

    query = (
        select(
            keys.c.classification,
            keys.c.period,
            *(count(state).label(state.value) for state in KeyState),
            func.min(keys.c.made_at).label("oldest_at"),
        )
        .where(keys.c.classification != OWN)
        .group_by(keys.c.classification, keys.c.period)
        .order_by(keys.c.period.desc(), keys.c.classification)
    )
    return tuple(
        KeyGroup(
            row.classification,
            row.period,
            int(row.current),
            int(row.retired),
            int(row.destroyed),
            row.oldest_at,
        )
        for row in work.read(query).all()
    )


def wrapping_keys(work: Work) -> list[Row[Any]]:
    """List the keyring's keys that wrap live keys, with how many and since when."""
    query = (
        select(
            keys.c.keyring_key,
            func.count().label("keys"),
            func.min(keys.c.made_at).label("since"),
            func.max(keys.c.made_at).label("newest"),
        )
        .where(_LIVE)
        .group_by(keys.c.keyring_key)
    )
    return sorted(work.read(query).all(), key=lambda row: row.newest, reverse=True)


def _narrowed(classification: str, subject: str) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if classification:
        wanted.append(keys.c.classification == classification)
    if subject:
        wanted.append(keys.c.subject == subject)
    return wanted


def _key(row: Row[Any]) -> DataKey:
    return DataKey(
        row.kid,
        row.classification,
        row.subject,
        row.period,
        row.version,
        KeyState(row.state),
        row.keyring_key,
        None if row.wrapped is None else bytes(row.wrapped),
        row.made_at,
        row.ended_at,
    )
