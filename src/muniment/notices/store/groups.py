"""Groups, whom they are told to, and how many events each stands for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, and_, bindparam, func, insert, select, update

from muniment.core.errors import NotFoundError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import UtcTime, Work
from muniment.notices.models import Group, Severity, Telling
from muniment.notices.store.tables import beginnings_table, counts_table, groups_table
from muniment.notices.store.tables import tellings_table as _tellings

_GROUPS = groups_table.c
_TELLINGS = _tellings.c


def _counted() -> Select[Any]:
    counted = counts_table.c
    return select(groups_table, counted.count.label("events"), counted.last_at).join(
        counts_table, counted.group_id == _GROUPS.id
    )


# Built once, for a storm asks these for each of its events: building costs more than running.
_SINCE: Final = select(beginnings_table.c.since)
_ONE: Final = _counted().where(_GROUPS.id == bindparam("wanted"))
_LATEST: Final = (
    select(_GROUPS.id)
    .where(
        _GROUPS.route == bindparam("route"),
        _GROUPS.subject_kind == bindparam("subject_kind"),
        _GROUPS.subject_id == bindparam("subject_id"),
        _GROUPS.severity == bindparam("severity"),
    )
    .order_by(_GROUPS.id.desc())
    .limit(1)
    .with_for_update()
)
_COUNT_ONE: Final = (
    update(counts_table)
    .where(counts_table.c.group_id == bindparam("group"))
    .values(count=counts_table.c.count + 1, last_at=bindparam("at", type_=UtcTime()))
)


def since(work: Work) -> datetime | None:
    """Read from when on people are told."""
    found = work.read(_SINCE).scalar_one_or_none()
    return found if isinstance(found, datetime) else None


def begin(work: Work, at: datetime) -> bool:
    """Write from when on people are told, once."""
    return work.insert_if_absent(beginnings_table, {"id": 1, "since": at})


def add(work: Work, group: Group) -> None:
    """Open a group with its first event."""
    work.write(
        insert(groups_table).values(
            id=group.id,
            route=group.route,
            kind=group.kind,
            severity=group.severity.value,
            subject_kind=group.subject[0],
            subject_id=group.subject[1],
            title=group.title,
            href=group.href,
            roles=list(group.roles),
            entry=group.entry,
            streak=group.streak,
            opened_at=group.opened_at,
            send_at=group.send_at,
            escalate_at=group.escalate_at,
            escalate_to=group.escalate_to,
            seen_by="",
        )
    )
    work.write(insert(counts_table).values(group_id=group.id, count=1, last_at=work.now))


def count_one(work: Work, group_id: str) -> None:
    """Count one more event in a group."""
    work.write(_COUNT_ONE, {"group": group_id, "at": work.now})


def latest(work: Work, route: str, subject: tuple[str, str], severity: Severity) -> Group | None:
    """Find the newest group of a key, and keep others from closing it until this work ends."""
    asked = {
        "route": route,
        "subject_kind": subject[0],
        "subject_id": subject[1],
        "severity": severity.value,
    }
    found = work.read(_LATEST, asked).scalar_one_or_none()
    return None if found is None else get(work, found)


def count_gathering(work: Work, route: str) -> int:
    """Count the groups of a route that are still gathering."""
    asked = select(func.count()).where(
        _GROUPS.route == route, _GROUPS.sent_at.is_(None), _GROUPS.settled_at.is_(None)
    )
    return int(work.read(asked).scalar_one())


def get(work: Work, group_id: str) -> Group:
    """Read one group."""
    row = work.read(_ONE, {"wanted": group_id}).one_or_none()
    if row is None:
        raise NotFoundError(
            "there is no such notice", subject=group_id[:60], remedy="Look into the inbox."
        )
    return group_of(row)


def of_ids(work: Work, ids: Collection[str]) -> tuple[Group, ...]:
    """Read several groups, the oldest first."""
    asked = _counted().where(_GROUPS.id.in_(sorted(ids))).order_by(_GROUPS.id)
    return tuple(group_of(row) for row in work.read(asked))


def ripe(work: Work, at: datetime, *, limit: int) -> tuple[Group, ...]:
    """Take groups whose window has ended, the oldest first; no other work sends them meanwhile."""
    table = groups_table
    asked = (
        select(_GROUPS.id)
        .where(_GROUPS.sent_at.is_(None), _GROUPS.settled_at.is_(None), _GROUPS.send_at <= at)
        .order_by(_GROUPS.send_at, _GROUPS.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=table)
    )
    return of_ids(work, work.read(asked).scalars().all())


def unseen(work: Work, at: datetime, *, limit: int) -> tuple[Group, ...]:
    """Take groups nobody looked at in time."""
    asked = (
        select(_GROUPS.id)
        .where(
            _GROUPS.escalate_at <= at,
            _GROUPS.escalated_at.is_(None),
            _GROUPS.seen_at.is_(None),
            _GROUPS.settled_at.is_(None),
            _GROUPS.escalate_to != "",
        )
        .order_by(_GROUPS.escalate_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=groups_table)
    )
    return of_ids(work, work.read(asked).scalars().all())


def open_about(work: Work, routes: Collection[str], ids: Collection[str]) -> tuple[Group, ...]:
    """List unsettled groups of some routes about any of some subjects."""
    asked = _counted().where(
        _GROUPS.route.in_(sorted(routes)),
        _GROUPS.subject_id.in_(sorted(ids)),
        _GROUPS.settled_at.is_(None),
    )
    return tuple(group_of(row) for row in work.read(asked.order_by(_GROUPS.id)))


def mark(work: Work, ids: Iterable[str], **moments: datetime | str) -> int:
    """Write what came of groups: sent, settled, escalated, seen."""
    named = sorted(ids)
    if not named:
        return 0
    return work.write(update(groups_table).where(_GROUPS.id.in_(named)).values(**moments)).count


def tell(work: Work, telling: Telling) -> bool:
    """Tell a person of a group, once; say whether they had not been told."""
    return work.insert_if_absent(
        _tellings,
        {
            "id": telling.id,
            "group_id": telling.group_id,
            "person": telling.person,
            "why": telling.why,
            "told_at": telling.told_at,
        },
    )


def people_of(work: Work, group_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Name the people each group is told to."""
    found: dict[str, list[str]] = {each: [] for each in group_ids}
    asked = select(_TELLINGS.group_id, _TELLINGS.person).where(
        _TELLINGS.group_id.in_(sorted(group_ids))
    )
    for row in work.read(asked.order_by(_TELLINGS.id)):
        found[row.group_id].append(row.person)
    return {each: tuple(people) for each, people in found.items()}


def tellings(work: Work, group_id: str) -> tuple[Telling, ...]:
    """List whom a group is told to."""
    asked = select(_tellings).where(_TELLINGS.group_id == group_id).order_by(_TELLINGS.id)
    return tuple(_telling(row) for row in work.read(asked))


def unseen_about(work: Work, person: str, ids: Collection[str]) -> tuple[str, ...]:
    """List the groups about some subjects that a person was told of and has not looked at."""
    asked = (
        select(_TELLINGS.group_id)
        .join(groups_table, _GROUPS.id == _TELLINGS.group_id)
        .where(
            _TELLINGS.person == person,
            _TELLINGS.seen_at.is_(None),
            _GROUPS.subject_id.in_(sorted(ids)),
        )
    )
    return tuple(work.read(asked).scalars())


def see(work: Work, person: str, group_ids: Collection[str]) -> tuple[str, ...]:
    """Write that a person looked at groups; give those they had not looked at before."""
    done = work.write(
        update(_tellings)
        .where(
            _TELLINGS.person == person,
            _TELLINGS.group_id.in_(sorted(group_ids)),
            _TELLINGS.seen_at.is_(None),
        )
        .values(seen_at=work.now)
    )
    fresh = sorted({row.group_id for row in done.rows})
    first = and_(_GROUPS.id.in_(fresh), _GROUPS.seen_at.is_(None))
    if fresh:
        work.write(update(groups_table).where(first).values(seen_at=work.now, seen_by=person))
    return tuple(fresh)


def inbox(
    work: Work,
    person: str,
    *,
    unseen_only: bool = False,
    severity: Severity | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[tuple[Group, Telling]]:
    """List what a person was told, newest first."""
    asked = _with_telling().where(_TELLINGS.person == person)
    if unseen_only:
        asked = asked.where(_TELLINGS.seen_at.is_(None))
    return _page(work, asked, severity, cursor, limit)


def all_told(
    work: Work,
    *,
    severity: Severity | None = None,
    unseen_only: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Group]:
    """List every group, newest first."""
    asked = _counted().order_by(_GROUPS.id.desc()).limit(require_limit(limit) + 1)
    if unseen_only:
        asked = asked.where(_GROUPS.seen_at.is_(None), _GROUPS.settled_at.is_(None))
    if severity is not None:
        asked = asked.where(_GROUPS.severity == severity.value)
    if cursor:
        asked = asked.where(_GROUPS.id < str(read_cursor(cursor, 1)[0]))
    rows = [group_of(row) for row in work.read(asked)]
    more = write_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    return Page(tuple(rows[:limit]), more)


def count_unseen(work: Work, person: str) -> int:
    """Count what a person has not looked at."""
    asked = (
        select(func.count())
        .select_from(_tellings.join(groups_table, _GROUPS.id == _TELLINGS.group_id))
        .where(
            _TELLINGS.person == person,
            _TELLINGS.seen_at.is_(None),
            _GROUPS.settled_at.is_(None),
        )
    )
    return int(work.read(asked).scalar_one())


def _page(
    work: Work,
    asked: Select[Any],
    severity: Severity | None,
    cursor: str | None,
    limit: int,
) -> Page[tuple[Group, Telling]]:
    asked = asked.order_by(_TELLINGS.id.desc()).limit(require_limit(limit) + 1)
    if severity is not None:
        asked = asked.where(_GROUPS.severity == severity.value)
    if cursor:
        asked = asked.where(_TELLINGS.id < str(read_cursor(cursor, 1)[0]))
    rows = [(group_of(row), _telling_beside(row)) for row in work.read(asked)]
    more = write_cursor([rows[limit - 1][1].id]) if len(rows) > limit else None
    return Page(tuple(rows[:limit]), more)


def _with_telling() -> Select[Any]:
    return (
        _counted()
        .join(_tellings, _TELLINGS.group_id == _GROUPS.id)
        .add_columns(
            _TELLINGS.id.label("telling_id"),
            _TELLINGS.person,
            _TELLINGS.why,
            _TELLINGS.told_at,
            _TELLINGS.seen_at.label("own_seen_at"),
        )
    )


def group_of(row: Row[Any]) -> Group:
    """Make a group of its row and its count."""
    return Group(
        id=row.id,
        route=row.route,
        kind=row.kind,
        severity=Severity(row.severity),
        subject=(row.subject_kind, row.subject_id),
        title=row.title,
        href=row.href,
        roles=tuple(row.roles),
        entry=row.entry,
        opened_at=row.opened_at,
        send_at=row.send_at,
        streak=row.streak,
        sent_at=row.sent_at,
        settled_at=row.settled_at,
        escalate_at=row.escalate_at,
        escalate_to=row.escalate_to,
        escalated_at=row.escalated_at,
        seen_at=row.seen_at,
        seen_by=row.seen_by,
        count=row.events,
        last_at=row.last_at,
    )


def _telling(row: Row[Any]) -> Telling:
    return Telling(row.id, row.group_id, row.person, row.why, row.told_at, row.seen_at)


def _telling_beside(row: Row[Any]) -> Telling:
    return Telling(row.telling_id, row.id, row.person, row.why, row.told_at, row.own_seen_at)


def one_told(work: Work, person: str, group_id: str) -> tuple[Group, Telling] | None:
    """Read one line of a person's inbox, if it is theirs."""
    asked = _with_telling().where(_TELLINGS.person == person, _GROUPS.id == group_id)
    row = work.read(asked).one_or_none()
    return None if row is None else (group_of(row), _telling_beside(row))


def unseen_people(work: Work, group_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Name the people each group is told to who have not looked at it."""
    found: dict[str, list[str]] = {each: [] for each in group_ids}
    asked = select(_TELLINGS.group_id, _TELLINGS.person).where(
        _TELLINGS.group_id.in_(sorted(group_ids)), _TELLINGS.seen_at.is_(None)
    )
    for row in work.read(asked.order_by(_TELLINGS.id)):
        found[row.group_id].append(row.person)
    return {each: tuple(people) for each, people in found.items()}
