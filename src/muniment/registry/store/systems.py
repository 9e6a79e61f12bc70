"""Systems and what was stated of them: saved by compare-and-set, found again, listed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, func, insert, select, update

from muniment.core.digest import digest_value
from muniment.core.errors import ConflictError, NotFoundError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Work
from muniment.registry.models import Profile, System, SystemState
from muniment.registry.store import words
from muniment.registry.store.profiles import kept_profile, read_kept_profile
from muniment.registry.store.tables import profiles_table, systems_table

_SALT_BYTES: Final = 16
_AT_ONCE: Final = 500
_SYSTEMS = systems_table.c


@dataclass(frozen=True, slots=True)
class SystemQuery:
    """Which systems are wanted; nothing given means all of them."""

    words: str = ""
    state: SystemState | None = None
    owner: str = ""
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """What was stated of a system from a moment on, and by whom."""

    number: int
    digest: str
    profile: Profile
    author: str
    made_at: datetime


def salt() -> str:
    """Make the salt that keeps a row's digest from telling what people wrote."""
    return secrets.token_hex(_SALT_BYTES)


def add(work: Work, system: System, author: str) -> None:
    """Keep a new system with what is stated of it."""
    row = {"id": system.id, "key": system.key, "created_at": system.created_at, **_moving(system)}
    words.take_turn(work)
    if not work.insert_if_absent(systems_table, row):
        raise ConflictError(
            f"there is a system {system.key} already",
            subject=system.key,
            field="key",
            remedy="Choose another key, or change the one there is.",
        )
    words.index(work, system.id, str(row["found_by"]))
    _add_profile(work, system, author)


def save(work: Work, system: System, author: str) -> System:
    """Keep what a system is now; whoever changed it in between wins."""
    before = get(work, system.id)
    written = work.write(
        update(systems_table)
        .where(_SYSTEMS.id == system.id, _SYSTEMS.version == system.version)
        .values(**{**_moving(system), "version": system.version + 1})
    )
    if written.count != 1:
        raise ConflictError(
            "somebody else changed this system at the same moment",
            subject=system.id,
            remedy="Read it again, then change what it says now.",
        )
    found = _system(written.rows[0])
    if before.profile != found.profile:
        words.index(work, found.id, _found_by(found))
        _add_profile(work, found, author)
    return found


def get(work: Work, id_or_key: str) -> System:
    """Find a system by its id or its key."""
    column = _SYSTEMS.id if id_or_key.startswith("sys_") else _SYSTEMS.key
    row = work.read(select(systems_table).where(column == id_or_key)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"there is no system {id_or_key[:60]}",
            subject=id_or_key[:60],
            remedy="See `muniment registry list`.",
        )
    return _system(row)


def keys(work: Work, ids: Iterable[str]) -> dict[str, str]:
    """Give the keys of several systems by their ids."""
    wanted, found = sorted(set(ids)), dict[str, str]()
    for first in range(0, len(wanted), _AT_ONCE):
        some = _SYSTEMS.id.in_(wanted[first : first + _AT_ONCE])
        for row in work.read(select(_SYSTEMS.id, _SYSTEMS.key).where(some)):
            found[row.id] = row.key
    return found


def id_of_key(work: Work, key: str) -> str:
    """Give the id of a system by its key, or nothing."""
    asked = select(_SYSTEMS.id).where(_SYSTEMS.key == key)
    return str(work.read(asked).scalar_one_or_none() or "")


def take_turn(work: Work) -> None:
    """Wait until nobody else makes a system known."""
    words.take_turn(work)


def hold(work: Work, id_or_key: str) -> System:
    """Find a system and keep others from changing it until this work ends."""
    found = get(work, id_or_key)
    locked = select(_SYSTEMS.id).where(_SYSTEMS.id == found.id).with_for_update()
    work.read(locked).one_or_none()
    return get(work, found.id)


def find(
    work: Work, query: SystemQuery, *, limit: int = 50, cursor: str | None = None
) -> Page[System]:
    """List systems, the newest first."""
    asked = _narrowed(work, select(systems_table), query)
    if cursor:
        asked = asked.where(_SYSTEMS.id < str(read_cursor(cursor, 1)[0]))
    asked = asked.order_by(_SYSTEMS.id.desc()).limit(require_limit(limit) + 1)
    rows = [_system(row) for row in work.read(asked)]
    more = write_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    return Page(tuple(rows[:limit]), more)


def count(work: Work, query: SystemQuery) -> int:
    """Count the systems that are wanted."""
    asked = _narrowed(work, select(func.count()).select_from(systems_table), query)
    return int(work.read(asked).scalar_one())


def stated(work: Work, system_id: str) -> tuple[Stated, ...]:
    """List everything that was stated of a system, the first one first."""
    table = profiles_table
    asked = select(table).where(table.c.system_id == system_id).order_by(table.c.number)
    return tuple(
        Stated(row.number, row.digest, read_kept_profile(row.profile), row.author, row.made_at)
        for row in work.read(asked)
    )


def _narrowed(work: Work, asked: Select[Any], query: SystemQuery) -> Select[Any]:
    wanted = query.words.casefold().split()[:8]
    narrow = words.narrowing(work, " ".join(wanted), _SYSTEMS.id)
    if narrow is not None:
        asked = asked.where(narrow)
    for word in wanted:
        asked = asked.where(_SYSTEMS.found_by.contains(word, autoescape=True))
    if query.state is not None:
        asked = asked.where(_SYSTEMS.state == query.state.value)
    if query.owner:
        asked = asked.where(_SYSTEMS.owner == query.owner)
    if query.tier:
        asked = asked.where(_SYSTEMS.tier == query.tier)
    return asked


def _add_profile(work: Work, system: System, author: str) -> None:
    document = kept_profile(system.profile)
    table = profiles_table
    newest = select(func.coalesce(func.max(table.c.number), 0)).where(
        table.c.system_id == system.id
    )
    row = {
        "system_id": system.id,
        "number": int(work.read(newest).scalar_one()) + 1,
        "digest": digest_value(document),
        "profile": document,
        "author": author,
        "made_at": system.updated_at,
        "salt": salt(),
    }
    work.write(insert(table).values(row))


def _moving(system: System) -> dict[str, Any]:
    profile = system.profile
    return {
        "name": profile.name,
        "owner": profile.owner,
        "state": system.state.value,
        "tier": system.tier,
        "found_by": _found_by(system),
        "profile": kept_profile(profile),
        "assessed_tier": system.assessed_tier,
        "assessed_until": system.assessed_until,
        "review_due_at": system.review_due_at,
        "request_id": system.request_id,
        "resumes_as": system.resumes_as.value if system.resumes_as else "",
        "disposal": dict(system.disposal) if system.disposal else None,
        "retired_at": system.retired_at,
        "updated_at": system.updated_at,
        "version": system.version,
        "salt": salt(),
    }


def _found_by(system: System) -> str:
    profile = system.profile
    told = (system.key, profile.name, profile.purpose, *profile.data_classes, *profile.regions)
    return "\n".join(told).casefold()


def _system(row: Row[Any]) -> System:
    return System(
        id=row.id,
        key=row.key,
        profile=read_kept_profile(row.profile),
        state=SystemState(row.state),
        created_at=row.created_at,
        updated_at=row.updated_at,
        assessed_tier=row.assessed_tier,
        assessed_until=row.assessed_until,
        review_due_at=row.review_due_at,
        request_id=row.request_id,
        resumes_as=SystemState(row.resumes_as) if row.resumes_as else None,
        disposal=row.disposal,
        retired_at=row.retired_at,
        version=row.version,
    )
