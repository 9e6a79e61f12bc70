"""What was seen in traffic: kept once, settled once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select, update

from muniment.core.digest import digest_value
from muniment.core.errors import ConflictError, NotFoundError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Work
from muniment.registry.models import (
    Sighting,
    SightingSort,
    SightingStanding,
    SightingState,
)
from muniment.registry.store.seen_tables import observed_table, sightings_table
from muniment.registry.store.systems import salt

_ROWS = sightings_table.c
_OBSERVED = observed_table.c


@dataclass(frozen=True, slots=True)
class SightingQuery:
    """Which sightings are wanted; nothing given means all of them."""

    system_id: str = ""
    state: SightingState | None = None
    sort: SightingSort | None = None
    environment: str = ""


def thing_of(sighting: Sighting) -> str:
    """Name what was seen, so that the same is kept once."""
    named = (sighting.system_id, sighting.environment, sighting.sort.value)
    return digest_value([*named, sighting.name, sighting.digest, sighting.reported])


def add(work: Work, sighting: Sighting, *, again: bool = False) -> bool:
    """Keep a new sighting; tell whether it was new. One told `again` stands beside the first."""
    thing = thing_of(sighting)
    row = {
        "id": sighting.id,
        "thing": digest_value([thing, sighting.id]) if again else thing,
        "system_id": sighting.system_id,
        "environment": sighting.environment,
        "sort": sighting.sort.value,
        "name": sighting.name,
        "digest": sighting.digest,
        "reported": sighting.reported,
        "reported_before": sighting.reported_before,
        "standing": sighting.standing.value,
        "state": sighting.state.value,
        "first_seen_at": sighting.first_seen_at,
        "reason": sighting.reason,
        "decided_by": sighting.decided_by,
        "decided_at": sighting.decided_at,
        "salt": salt(),
    }
    return work.insert_if_absent(sightings_table, row)


def same(work: Work, sighting: Sighting) -> Sighting | None:
    """Find what was seen before of exactly this."""
    asked = select(sightings_table).where(_ROWS.thing == thing_of(sighting))
    row = work.read(asked).one_or_none()
    return None if row is None else _sighting(row)


def settle(work: Work, sighting: Sighting) -> Sighting:
    """Keep what was decided; of two at once the first wins."""
    written = work.write(
        update(sightings_table)
        .where(_ROWS.id == sighting.id, _ROWS.state == SightingState.OPEN.value)
        .values(
            state=sighting.state.value,
            reason=sighting.reason,
            decided_by=sighting.decided_by,
            decided_at=sighting.decided_at,
        )
    )
    if written.count != 1:
        raise ConflictError(
            "this was settled already", subject=sighting.id, remedy="Look at what was decided."
        )
    return _sighting(written.rows[0])


def reopen(work: Work, sighting_id: str) -> Sighting:
    """Let something be open again that was not ours; of two at once the first wins."""
    written = work.write(
        update(sightings_table)
        .where(_ROWS.id == sighting_id, _ROWS.state == SightingState.NOT_OURS.value)
        .values(state=SightingState.OPEN.value, reason="", decided_by="", decided_at=None)
    )
    if written.count != 1:
        raise ConflictError(
            "this is open already, or was registered",
            subject=sighting_id,
            remedy="Look at how it stands.",
        )
    return _sighting(written.rows[0])


def named(work: Work, ids: Iterable[str]) -> dict[str, Sighting]:
    """Find several sightings."""
    asked = select(sightings_table).where(_ROWS.id.in_(sorted(set(ids))))
    return {row.id: _sighting(row) for row in work.read(asked)}


def get(work: Work, sighting_id: str) -> Sighting:
    """Find a sighting."""
    row = work.read(select(sightings_table).where(_ROWS.id == sighting_id)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"there is no sighting {sighting_id[:60]}",
            subject=sighting_id[:60],
            remedy="See `muniment registry seen`.",
        )
    return _sighting(row)


def find(
    work: Work, query: SightingQuery, *, limit: int = 50, cursor: str | None = None
) -> Page[Sighting]:
    """List sightings, the newest first."""
    asked = select(sightings_table)
    if query.system_id:
        asked = asked.where(_ROWS.system_id == query.system_id)
    if query.environment:
        asked = asked.where(_ROWS.environment == query.environment)
    for name, wanted in (("state", query.state), ("sort", query.sort)):
        if wanted is not None:
            asked = asked.where(_ROWS[name] == wanted.value)
    if cursor:
        asked = asked.where(_ROWS.id < str(read_cursor(cursor, 1)[0]))
    asked = asked.order_by(_ROWS.id.desc()).limit(require_limit(limit) + 1)
    rows = [_sighting(row) for row in work.read(asked)]
    more = write_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    return Page(tuple(rows[:limit]), more)


def of_system(work: Work, system_id: str) -> tuple[Sighting, ...]:
    """List everything that was seen of a system."""
    asked = select(sightings_table).where(_ROWS.system_id == system_id).order_by(_ROWS.id)
    return tuple(_sighting(row) for row in work.read(asked))


def counts(work: Work, system_id: str) -> dict[SightingState, int]:
    """Count what was seen of a system, by its state."""
    asked: Select[Any] = select(_ROWS.state, func.count().label("number"))
    rows = work.read(asked.where(_ROWS.system_id == system_id).group_by(_ROWS.state))
    return {SightingState(row.state): int(row.number) for row in rows}


def reported_last(work: Work, system_id: str, environment: str, name: str) -> str:
    """Say what the provider of a model called it last."""
    asked = (
        select(_ROWS.reported)
        .join(observed_table, _OBSERVED.sighting_id == _ROWS.id)
        .where(
            _ROWS.system_id == system_id,
            _ROWS.environment == environment,
            _ROWS.sort == SightingSort.MODEL.value,
            _ROWS.name == name,
            _ROWS.reported != "",
        )
        .order_by(_OBSERVED.ends_at.desc(), _ROWS.id.desc())
        .limit(1)
    )
    return str(work.read(asked).scalar_one_or_none() or "")


def has_open_change(work: Work, sighting: Sighting) -> bool:
    """Tell whether nobody has settled yet that a provider went from one name to another."""
    asked = select(_ROWS.id).where(
        _ROWS.system_id == sighting.system_id,
        _ROWS.environment == sighting.environment,
        _ROWS.name == sighting.name,
        _ROWS.reported == sighting.reported,
        _ROWS.reported_before == sighting.reported_before,
        _ROWS.state == SightingState.OPEN.value,
    )
    return work.read(asked.limit(1)).first() is not None


def _sighting(row: Row[Any]) -> Sighting:
    return Sighting(
        id=row.id,
        system_id=row.system_id,
        environment=row.environment,
        sort=SightingSort(row.sort),
        name=row.name,
        digest=row.digest,
        reported=row.reported,
        standing=SightingStanding(row.standing),
        state=SightingState(row.state),
        first_seen_at=row.first_seen_at,
        reported_before=row.reported_before,
        reason=row.reason,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
