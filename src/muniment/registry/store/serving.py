"""What served when: intervals are added, ended once and corrected once, and never rewritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, and_, insert, or_, select, update

from muniment.core.clock import parse_stamp, stamp
from muniment.core.errors import ConflictError, NotFoundError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Work
from muniment.registry.models import Cause, Deployment, Share, Source
from muniment.registry.store.systems import salt
from muniment.registry.store.tables import (
    deployments_table,
    pulse_table,
    sets_table,
    shares_table,
    standing_table,
    systems_table,
)

_ROWS = deployments_table.c
_STANDING = standing_table.c
_PULSE: Final = 1
PULSE: Final = select(pulse_table.c.version).where(pulse_table.c.id == _PULSE)
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class DeploymentQuery:
    """Which intervals are wanted; nothing given means all of them."""

    system_id: str = ""
    environment: str = ""
    set_digest: str = ""
    source: Source | None = None
    cause: Cause | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class StandingRow:
    """What serves an environment just now, and when that last moved."""

    system_id: str
    key: str
    state: str
    environment: str
    deployment_id: str
    version: int


def add(work: Work, made: Deployment) -> None:
    """Keep an interval with its shares."""
    row = {
        "id": made.id,
        "system_id": made.system_id,
        "environment": made.environment,
        "starts_at": made.starts_at,
        "ends_at": made.ends_at,
        "recorded_at": made.recorded_at,
        "end_recorded_at": made.end_recorded_at,
        "corrected_at": made.corrected_at,
        "corrects": made.corrects,
        "cause": made.cause.value,
        "source": made.source.value,
        "reason": made.reason,
        "author": made.author,
        "record_id": made.record_id,
        "end_record_id": made.end_record_id,
        "salt": salt(),
    }
    work.write(insert(deployments_table).values(row))
    shares = [
        {
            "deployment_id": made.id,
            "place": place,
            "set_digest": each.set_digest,
            "percent": each.percent,
            "change_id": each.change_id,
        }
        for place, each in enumerate(made.shares)
    ]
    work.write(insert(shares_table), shares)


def end(
    work: Work, deployment_id: str, at: datetime, *, recorded_at: datetime, record: str
) -> None:
    """End an interval; of two at once the first wins."""
    done = work.write(
        update(deployments_table)
        .where(_ROWS.id == deployment_id, _ROWS.ends_at.is_(None), _ROWS.corrected_at.is_(None))
        .values(ends_at=at, end_recorded_at=recorded_at, end_record_id=record)
    )
    if done.count != 1:
        raise ConflictError(
            "somebody else released there at the same moment",
            subject=deployment_id,
            remedy="Look at what serves now, then go on from there.",
        )


def mark_corrected(work: Work, deployment_id: str, at: datetime) -> None:
    """Note that we know better than this interval now."""
    done = work.write(
        update(deployments_table)
        .where(_ROWS.id == deployment_id, _ROWS.corrected_at.is_(None))
        .values(corrected_at=at)
    )
    if done.count != 1:
        raise ConflictError(
            "somebody else corrected this at the same moment",
            subject=deployment_id,
            remedy="Look at what stands now.",
        )


def get(work: Work, deployment_id: str) -> Deployment:
    """Find an interval."""
    row = work.read(select(deployments_table).where(_ROWS.id == deployment_id)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"there is no deployment {deployment_id[:60]}",
            subject=deployment_id[:60],
            remedy="See `muniment registry served`.",
        )
    return _with_shares(work, [row])[0]


def at(
    work: Work, system_id: str, environment: str, moment: datetime, known_at: datetime
) -> Deployment | None:
    """Find what served at a moment, as it was known at another.

    Known intervals of a place do not overlap, so the last one that had begun answers.
    """
    asked = (
        _known(system_id, environment, known_at)
        .where(_ROWS.starts_at <= moment)
        .order_by(_ROWS.starts_at.desc())
        .limit(1)
    )
    row = work.read(asked).one_or_none()
    if row is None:
        return None
    found = _as_known(_with_shares(work, [row])[0], known_at)
    ended = found.ends_at is not None and found.ends_at <= moment
    return None if ended else found


def between(
    work: Work,
    system_id: str,
    environment: str,
    since: datetime,
    until: datetime,
    *,
    known_at: datetime,
    limit: int,
    after: datetime | None = None,
) -> tuple[Deployment, ...]:
    """List what served in a period, the first one first, from after a moment on."""
    asked = _known(system_id, environment, known_at).where(_ROWS.starts_at < until)
    if after is not None:
        asked = asked.where(_ROWS.starts_at > after)
    else:
        first = at(work, system_id, environment, since, known_at)
        asked = asked.where(_ROWS.starts_at >= (first.starts_at if first else since))
    rows = work.read(asked.order_by(_ROWS.starts_at).limit(limit)).all()
    return tuple(_as_known(each, known_at) for each in _with_shares(work, rows))


def of_change(work: Work, change_id: str) -> tuple[Deployment, ...]:
    """List the intervals that began by a change, the first one first."""
    asked = (
        select(deployments_table)
        .join(shares_table, shares_table.c.deployment_id == _ROWS.id)
        .where(
            shares_table.c.change_id == change_id,
            _ROWS.cause.in_([Cause.PROMOTION.value, Cause.EMERGENCY.value]),
        )
        .order_by(_ROWS.starts_at, _ROWS.id)
    )
    found = _with_shares(work, work.read(asked).all())
    return tuple(each for each in found if each.shares[-1].change_id == change_id)


def history(
    work: Work, system_id: str, environment: str, *, limit: int = 100
) -> tuple[Deployment, ...]:
    """List the intervals of a place as they are known now, the newest first."""
    asked = select(deployments_table).where(
        _ROWS.system_id == system_id,
        _ROWS.environment == environment,
        _ROWS.corrected_at.is_(None),
    )
    rows = work.read(asked.order_by(_ROWS.starts_at.desc()).limit(limit)).all()
    return _with_shares(work, rows)


def find(
    work: Work, system_id: str, *, limit: int = 50, cursor: str | None = None
) -> Page[Deployment]:
    """List every interval of a system, also corrected ones, as they were recorded, newest first."""
    asked = select(deployments_table).where(_ROWS.system_id == system_id)
    if cursor:
        moment, last = read_cursor(cursor, 2)
        begun = parse_stamp(str(moment))
        asked = asked.where(
            or_(_ROWS.starts_at < begun, and_(_ROWS.starts_at == begun, _ROWS.id < str(last)))
        )
    asked = asked.order_by(_ROWS.starts_at.desc(), _ROWS.id.desc()).limit(require_limit(limit) + 1)
    found = _with_shares(work, work.read(asked).all())
    more = None
    if len(found) > limit:
        last_row = found[limit - 1]
        more = write_cursor([stamp(last_row.starts_at), last_row.id])
    return Page(found[:limit], more)


def search(
    work: Work, query: DeploymentQuery, *, limit: int = 50, cursor: str | None = None
) -> Page[Deployment]:
    """List intervals of every system, the one recorded last first."""
    asked = select(deployments_table)
    if query.set_digest:
        mine = select(shares_table.c.deployment_id)
        asked = asked.where(_ROWS.id.in_(mine.where(shares_table.c.set_digest == query.set_digest)))
    for name in ("system_id", "environment"):
        if wanted := getattr(query, name):
            asked = asked.where(_ROWS[name] == wanted)
    if query.since is not None:
        asked = asked.where(or_(_ROWS.ends_at.is_(None), _ROWS.ends_at > query.since))
    if query.until is not None:
        asked = asked.where(_ROWS.starts_at < query.until)
    for name, value in (("source", query.source), ("cause", query.cause)):
        if value is not None:
            asked = asked.where(_ROWS[name] == value.value)
    if cursor:
        asked = asked.where(_ROWS.id < str(read_cursor(cursor, 1)[0]))
    asked = asked.order_by(_ROWS.id.desc()).limit(require_limit(limit) + 1)
    rows = _with_shares(work, work.read(asked).all())
    more = write_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    return Page(rows[:limit], more)


def serving_now(work: Work, system_id: str) -> tuple[Deployment, ...]:
    """List what serves in each environment of a system just now."""
    asked = (
        select(deployments_table)
        .join(standing_table, _STANDING.deployment_id == _ROWS.id)
        .where(_STANDING.system_id == system_id)
        .order_by(_ROWS.environment)
    )
    return _with_shares(work, work.read(asked).all())


def serving_in(work: Work, system_id: str, environment: str) -> bool:
    """Tell whether anything ever served an environment."""
    asked = select(_ROWS.id).where(_ROWS.system_id == system_id, _ROWS.environment == environment)
    return work.read(asked.limit(1)).first() is not None


def has_served(work: Work, system_id: str) -> bool:
    """Tell whether anything of a system ever served."""
    asked = select(_ROWS.id).where(_ROWS.system_id == system_id).limit(1)
    return work.read(asked).first() is not None


def take_turn(work: Work) -> int:
    """Take the next number of the pulse; whoever moves what serves waits here for the others."""
    work.insert_if_absent(pulse_table, {"id": _PULSE, "version": 0})
    table = pulse_table
    work.write(update(table).where(table.c.id == _PULSE).values(version=table.c.version + 1))
    return int(work.read(select(table.c.version).where(table.c.id == _PULSE)).scalar_one())


def stand(work: Work, system_id: str, environment: str, deployment_id: str, version: int) -> None:
    """Say what serves an environment from now on; nothing means that nothing does."""
    row = {
        "system_id": system_id,
        "environment": environment,
        "deployment_id": deployment_id,
        "version": version,
    }
    if work.insert_if_absent(standing_table, row):
        return
    work.write(
        update(standing_table)
        .where(_STANDING.system_id == system_id, _STANDING.environment == environment)
        .values(deployment_id=deployment_id, version=version)
    )


def touch(work: Work, system_id: str, version: int) -> None:
    """Let every process read a system again."""
    work.write(
        update(standing_table).where(_STANDING.system_id == system_id).values(version=version)
    )


def pulse(work: Work) -> int:
    """Read the number of the last move."""
    return int(work.read(PULSE).scalar_one_or_none() or 0)


def moved_since(work: Work, version: int) -> tuple[StandingRow, ...]:
    """List what moved after a number."""
    asked = (
        select(standing_table, systems_table.c.key, systems_table.c.state)
        .join(systems_table, systems_table.c.id == _STANDING.system_id)
        .where(_STANDING.version > version)
    )
    return tuple(
        StandingRow(
            row.system_id, row.key, row.state, row.environment, row.deployment_id, row.version
        )
        for row in work.read(asked)
    )


def shares_of(work: Work, ids: Iterable[str]) -> dict[str, tuple[Share, ...]]:
    """Read the shares of several intervals at once."""
    wanted, found = sorted(set(ids)), dict[str, list[Share]]()
    for first in range(0, len(wanted), _AT_ONCE):
        asked = select(shares_table).where(
            shares_table.c.deployment_id.in_(wanted[first : first + _AT_ONCE])
        )
        for row in work.read(asked.order_by(shares_table.c.deployment_id, shares_table.c.place)):
            share = Share(row.set_digest, row.percent, row.change_id)
            found.setdefault(row.deployment_id, []).append(share)
    return {name: tuple(shares) for name, shares in found.items()}


def versions_of_sets(work: Work, digests: Iterable[str]) -> dict[str, Mapping[str, str]]:
    """Read which versions several sets name."""
    wanted, found = sorted(set(digests)), dict[str, Mapping[str, str]]()
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first : first + _AT_ONCE]
        for row in work.read(select(sets_table).where(sets_table.c.digest.in_(some))):
            found[row.digest] = row.versions
    return found


def _known(system_id: str, environment: str, known_at: datetime) -> Select[Any]:
    return select(deployments_table).where(
        _ROWS.system_id == system_id,
        _ROWS.environment == environment,
        _ROWS.recorded_at <= known_at,
        or_(_ROWS.corrected_at.is_(None), _ROWS.corrected_at > known_at),
    )


def _as_known(found: Deployment, known_at: datetime) -> Deployment:
    """Take from an interval what was recorded later: its end, and that it was corrected."""
    if found.corrected_at is not None and found.corrected_at > known_at:
        found = replace(found, corrected_at=None)
    if found.end_recorded_at is None or found.end_recorded_at <= known_at:
        return found
    return replace(found, ends_at=None, end_recorded_at=None, end_record_id="")


def _with_shares(work: Work, rows: Sequence[Row[Any]]) -> tuple[Deployment, ...]:
    shares = shares_of(work, [row.id for row in rows])
    return tuple(_deployment(row, shares.get(row.id, ())) for row in rows)


def _deployment(row: Row[Any], shares: tuple[Share, ...]) -> Deployment:
    return Deployment(
        id=row.id,
        system_id=row.system_id,
        environment=row.environment,
        shares=shares,
        starts_at=row.starts_at,
        recorded_at=row.recorded_at,
        cause=Cause(row.cause),
        source=Source(row.source),
        reason=row.reason,
        author=row.author,
        record_id=row.record_id,
        ends_at=row.ends_at,
        end_recorded_at=row.end_recorded_at,
        end_record_id=row.end_record_id,
        corrects=row.corrects,
        corrected_at=row.corrected_at,
    )
