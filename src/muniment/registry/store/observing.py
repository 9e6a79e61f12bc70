"""What was observed: stretches of time in which something was seen, and what hosts told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, insert, or_, select, update

from muniment.core.clock import parse_stamp, stamp
from muniment.core.errors import NotFoundError
from muniment.core.page import read_cursor, require_limit, write_cursor
from muniment.db import Work
from muniment.registry.models import Heard, Host, Means, Observed
from muniment.registry.store.seen_tables import (
    heard_table,
    hosts_table,
    observed_table,
    sightings_table,
)
from muniment.registry.store.systems import salt

_SEEN = observed_table.c
_HEARD = heard_table.c
_HOSTS = hosts_table.c
_APART: Final = timedelta(days=1)
_AT_ONCE: Final = 500

Stretch = Observed | Heard


@dataclass(frozen=True, slots=True)
class ObservedQuery:
    """Which observed intervals are wanted; nothing given means all of them."""

    system_id: str = ""
    environment: str = ""
    means: Means | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """From when to when something was seen, how often, by what, and where the log says so."""

    first: datetime
    last: datetime
    count: int = 1
    means: Means = Means.TRAFFIC
    entry: int = -1


def observe(work: Work, sighting_id: str, times: Times) -> None:
    """Count that something was seen again; after more than a day a new stretch begins."""
    asked = select(observed_table).where(_SEEN.sighting_id == sighting_id)
    rows = work.read(asked.order_by(_SEEN.number.desc())).all()
    last = next((row for row in rows if row.means == times.means.value), None)
    if last is None or times.first - last.ends_at > _APART:
        row = {
            "sighting_id": sighting_id,
            "number": rows[0].number + 1 if rows else 1,
            "starts_at": times.first,
            "ends_at": times.last,
            "times": times.count,
            "means": times.means.value,
            "entry": times.entry,
            "last_entry": times.entry,
        }
        work.write(insert(observed_table).values(row))
        return
    work.write(
        update(observed_table)
        .where(_SEEN.sighting_id == sighting_id, _SEEN.number == last.number)
        .values(
            starts_at=min(last.starts_at, times.first),
            ends_at=max(last.ends_at, times.last),
            times=last.times + times.count,
            last_entry=max(last.last_entry, times.entry),
        )
    )


def observed(
    work: Work, ids: Iterable[str], *, since: datetime | None = None, until: datetime | None = None
) -> tuple[Observed, ...]:
    """List in which stretches of time several things were seen, perhaps only in a period."""
    wanted = sorted(set(ids))
    found: list[Observed] = []
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first : first + _AT_ONCE]
        asked = _within(select(observed_table), _SEEN, since, until)
        asked = asked.where(_SEEN.sighting_id.in_(some))
        rows = work.read(asked.order_by(_SEEN.starts_at, _SEEN.sighting_id, _SEEN.number))
        found += [_observed(row) for row in rows]
    return tuple(found)


def add_host(work: Work, host: Host) -> None:
    """Keep a host whose heartbeats are believed."""
    work.write(insert(hosts_table).values({**asdict(host), "salt": salt()}))


def end_host(work: Work, host_id: str, at: datetime) -> bool:
    """Let a host be believed no more; tell whether it was until now."""
    ended = update(hosts_table).where(_HOSTS.id == host_id, _HOSTS.ended_at.is_(None))
    return work.write(ended.values(ended_at=at)).count == 1


def host(work: Work, host_id: str) -> Host:
    """Find a host."""
    found = hold_host(work, host_id)
    if found is None:
        raise NotFoundError(
            f"there is no host {host_id[:60]}",
            subject=host_id[:60],
            remedy="See `muniment registry hosts`.",
        )
    return found


def hold_host(work: Work, host_id: str) -> Host | None:
    """Find a host, if there is one; who writes keeps others from writing about it meanwhile."""
    asked = select(hosts_table).where(_HOSTS.id == host_id)
    row = work.read(asked.with_for_update() if work.writable else asked).one_or_none()
    return None if row is None else _host(row)


def hosts(work: Work, system_id: str = "") -> tuple[Host, ...]:
    """List the hosts of a system, or all there ever were."""
    asked = select(hosts_table).order_by(_HOSTS.id)
    if system_id:
        asked = asked.where(_HOSTS.system_id == system_id)
    return tuple(_host(row) for row in work.read(asked))


def last_heard(work: Work, host_id: str) -> Heard | None:
    """Give the newest stretch of what a host told."""
    asked = select(heard_table).where(_HEARD.host_id == host_id)
    row = work.read(asked.order_by(_HEARD.number.desc()).limit(1)).one_or_none()
    return None if row is None else _heard(row)


def hear(work: Work, last: Heard | None, told: Heard) -> Heard:
    """Keep what a host told: the same goes on, another set or a gap begins a stretch."""
    goes_on = (
        last is not None
        and last.set_digest == told.set_digest
        and told.ends_at - last.ends_at <= _APART
    )
    if last is None or not goes_on:
        row = {**asdict(told), "number": last.number + 1 if last is not None else 1}
        row["times"] = row.pop("count")
        return _heard(work.write(insert(heard_table).values(row)).rows[0])
    written = work.write(
        update(heard_table)
        .where(_HEARD.host_id == last.host_id, _HEARD.number == last.number)
        .values(ends_at=told.ends_at, times=last.count + 1, last_record_id=told.record_id)
    )
    return _heard(written.rows[0])


def heard(
    work: Work, ids: Iterable[str], *, since: datetime | None = None, until: datetime | None = None
) -> tuple[Heard, ...]:
    """List what several hosts told, perhaps only in a period."""
    wanted = sorted(set(ids))
    found: list[Heard] = []
    for first in range(0, len(wanted), _AT_ONCE):
        asked = _within(select(heard_table), _HEARD, since, until)
        asked = asked.where(_HEARD.host_id.in_(wanted[first : first + _AT_ONCE]))
        found += [_heard(row) for row in work.read(asked.order_by(_HEARD.starts_at))]
    return tuple(found)


def search(
    work: Work, query: ObservedQuery, *, limit: int = 50, cursor: str | None = None
) -> tuple[tuple[Stretch, ...], str | None]:
    """List stretches of every system, the one that began last first, and where to go on."""
    wanted = require_limit(limit) + 1
    found: list[Stretch] = []
    if query.means is not Means.HEARTBEAT:
        asked = select(observed_table).join(
            sightings_table, sightings_table.c.id == _SEEN.sighting_id
        )
        if query.means is not None:
            asked = asked.where(_SEEN.means == query.means.value)
        asked = _narrowed(asked, sightings_table.c, query)
        asked = _after(asked, _SEEN, _SEEN.sighting_id, cursor)
        found += [_observed(row) for row in work.read(asked.limit(wanted))]
    if query.means in (None, Means.HEARTBEAT):
        asked = select(heard_table).join(hosts_table, _HOSTS.id == _HEARD.host_id)
        asked = _narrowed(asked, _HOSTS, query)
        asked = _after(asked, _HEARD, _HEARD.host_id, cursor)
        found += [_heard(row) for row in work.read(asked.limit(wanted))]
    found.sort(key=_place, reverse=True)
    more = write_cursor(list(_place(found[limit - 1]))) if len(found) > limit else None
    return tuple(found[:limit]), more


def _place(each: Stretch) -> tuple[str, str, int]:
    named = each.sighting_id if isinstance(each, Observed) else each.host_id
    return stamp(each.starts_at), named, each.number


def _narrowed(asked: Select[Any], columns: Any, query: ObservedQuery) -> Select[Any]:  # noqa: ANN401 the columns of either table
    for name in ("system_id", "environment"):
        if wanted := getattr(query, name):
            asked = asked.where(columns[name] == wanted)
    return asked


def _after(
    asked: Select[Any],
    columns: Any,  # noqa: ANN401 the columns of either table
    named: ColumnElement[str],
    cursor: str | None,
) -> Select[Any]:
    if cursor:
        text, last, number = read_cursor(cursor, 3)
        begun, before = parse_stamp(str(text)), number if isinstance(number, int) else 0
        same = columns.starts_at == begun
        asked = asked.where(
            or_(
                columns.starts_at < begun,
                and_(same, named < str(last)),
                and_(
                    same,
                    named == str(last),
                    columns.number < before,
                ),
            )
        )
    return asked.order_by(columns.starts_at.desc(), named.desc(), columns.number.desc())


def _within(
    asked: Select[Any],
    columns: Any,  # noqa: ANN401 the columns of either table
    since: datetime | None,
    until: datetime | None,
) -> Select[Any]:
    if since is not None:
        asked = asked.where(columns.ends_at >= since)
    return asked if until is None else asked.where(columns.starts_at <= until)


def _observed(row: Row[Any]) -> Observed:
    return Observed(
        row.sighting_id,
        row.number,
        row.starts_at,
        row.ends_at,
        row.times,
        Means(row.means),
        row.entry,
        row.last_entry,
    )


def _heard(row: Row[Any]) -> Heard:
    return Heard(
        row.host_id,
        row.number,
        row.set_digest,
        row.starts_at,
        row.ends_at,
        row.times,
        row.record_id,
        row.last_record_id,
    )


def _host(row: Row[Any]) -> Host:
    return Host(
        id=row.id,
        system_id=row.system_id,
        environment=row.environment,
        name=row.name,
        fingerprint=row.fingerprint,
        public_key=row.public_key,
        author=row.author,
        made_at=row.made_at,
        ended_at=row.ended_at,
    )
