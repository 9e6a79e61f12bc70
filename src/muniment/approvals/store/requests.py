"""Requests and their versions: saved, changed by compare-and-set, found again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, and_, func, insert, or_, select, update

from muniment.approvals.models import (
    Check,
    Matter,
    Need,
    Request,
    Rule,
    State,
    Timing,
    Version,
)
from muniment.approvals.store.tables import requests_table, versions_table
from muniment.core.digest import Digest
from muniment.core.errors import ConflictError, NotFoundError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Work

_SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Query:
    """Which requests are wanted; nothing given means all of them."""

    state: State | None = None
    matter: str = ""
    about: tuple[str, str] | None = None
    author: str = ""


def salt() -> str:
    """Make the salt that keeps a row's digest from telling what people wrote."""
    return secrets.token_hex(_SALT_BYTES)


def add(work: Work, request: Request) -> None:
    """Put a new request down with its first version."""
    matter = request.matter
    row = {
        "id": request.id,
        "matter": matter.kind,
        "about_kind": matter.subject[0],
        "about_id": matter.subject[1],
        "rule": asdict(request.rule),
        "author": request.author,
        "owner": request.owner,
        "asked_at": request.asked_at,
        "single_use": request.single_use,
        "expires_at": request.timing.expires_at,
        "escalates_at": request.timing.escalates_at,
        "remind_every_seconds": request.timing.remind_every_seconds,
        "salt": salt(),
        **_moving(request),
    }
    work.write(insert(requests_table).values(row))
    add_version(work, request)


def add_version(work: Work, request: Request) -> None:
    """Put the current version of a request down."""
    version = request.version
    row = {
        "request_id": request.id,
        "number": version.number,
        "digest": version.digest,
        "document": dict(version.document),
        "author": version.author,
        "made_at": version.made_at,
        "salt": salt(),
    }
    work.write(insert(versions_table).values(row))


def save(work: Work, request: Request) -> Request:
    """Write what moved in a request, if nobody else moved it since it was read."""
    table = requests_table
    fresh = request.revision + 1
    done = work.write(
        update(table)
        .where(table.c.id == request.id, table.c.revision == request.revision)
        .values(**{**_moving(request), "revision": fresh})
    )
    if done.count != 1:
        raise ConflictError(
            "somebody else answered or changed this at the same moment",
            subject=request.id,
            remedy="Look at it again, then answer what it says now.",
        )
    return get(work, request.id)


def get(work: Work, request_id: str) -> Request:
    """Read one request with its current version."""
    row = work.read(_joined().where(requests_table.c.id == request_id)).one_or_none()
    if row is None:
        raise NotFoundError(
            "there is no such request", subject=request_id, remedy="Look it up in the inbox."
        )
    return _request(row)


def hold(work: Work, request_id: str) -> Request:
    """Read one request and keep others from changing it until this work ends."""
    query = select(requests_table.c.id).where(requests_table.c.id == request_id)
    work.read(query.with_for_update()).one_or_none()
    return get(work, request_id)


def versions(work: Work, request_id: str) -> tuple[Version, ...]:
    """List every version of a request, the first one first."""
    table = versions_table
    query = select(table).where(table.c.request_id == request_id).order_by(table.c.number)
    return tuple(
        Version(row.number, Digest(row.digest), row.document, row.author, row.made_at)
        for row in work.read(query)
    )


def find(work: Work, query: Query, *, limit: int = 50, cursor: str | None = None) -> Page[Request]:
    """List requests, the newest first."""
    table = requests_table
    wanted = _joined().order_by(table.c.id.desc()).limit(require_limit(limit) + 1)
    if query.state is not None:
        wanted = wanted.where(table.c.state == query.state.value)
    if query.matter:
        wanted = wanted.where(table.c.matter == query.matter)
    if query.about is not None:
        kind, named = query.about
        wanted = wanted.where(table.c.about_kind == kind, table.c.about_id == named)
    if query.author:
        wanted = wanted.where(table.c.author == query.author)
    if cursor:
        wanted = wanted.where(table.c.id < str(read_cursor(cursor, 1)[0]))
    rows = [_request(row) for row in work.read(wanted)]
    more = write_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    return Page(tuple(rows[:limit]), more)


def open_about(work: Work, kind: str, subject: tuple[str, str]) -> Request | None:
    """Find the open request of a kind about a subject."""
    table = requests_table
    query = _joined().where(
        table.c.matter == kind,
        table.c.about_kind == subject[0],
        table.c.about_id == subject[1],
        table.c.state == State.OPEN.value,
    )
    row = work.read(query.order_by(table.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _request(row)


def latest_for(work: Work, kind: str, subject: tuple[str, str], digest: str) -> Request | None:
    """Find the newest request of a kind about a subject whose current version has this digest."""
    table = requests_table
    query = _joined().where(
        table.c.matter == kind,
        table.c.about_kind == subject[0],
        table.c.about_id == subject[1],
        table.c.digest == digest,
    )
    row = work.read(query.order_by(table.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _request(row)


def due(work: Work, at: datetime, *, limit: int) -> tuple[Request, ...]:
    """List open requests whose time has come to end or to be escalated, the oldest first."""
    table = requests_table
    ripe = or_(
        table.c.expires_at <= at,
        and_(table.c.escalates_at <= at, table.c.escalated_at.is_(None)),
    )
    query = _joined().where(table.c.state == State.OPEN.value, ripe)
    return tuple(_request(row) for row in work.read(query.order_by(table.c.id).limit(limit)))


def waiting(work: Work, *, limit: int) -> tuple[Request, ...]:
    """List open requests that remind, the longest not reminded first."""
    table = requests_table
    query = _joined().where(table.c.state == State.OPEN.value, table.c.remind_every_seconds > 0)
    last = func.coalesce(table.c.reminded_at, table.c.asked_at)
    return tuple(_request(row) for row in work.read(query.order_by(last).limit(limit)))


def _joined() -> Select[Any]:
    made = versions_table.c
    return select(
        requests_table, made.document, made.made_at, made.author.label("written_by")
    ).join(
        versions_table,
        and_(made.request_id == requests_table.c.id, made.number == requests_table.c.version),
    )


def _moving(request: Request) -> dict[str, Any]:
    return {
        "shown": _shown(request.matter),
        "version": request.version.number,
        "digest": request.version.digest,
        "state": request.state.value,
        "escalated_at": request.escalated_at,
        "reminded_at": request.reminded_at,
        "closed_at": request.closed_at,
        "closed_by": request.closed_by,
        "used_at": request.used_at,
        "revision": request.revision,
    }


def _shown(matter: Matter) -> dict[str, Any]:
    return {
        "title": matter.title,
        "consequence": matter.consequence,
        "before": None if matter.before is None else dict(matter.before),
        "checks": [asdict(check) for check in matter.checks],
        "policies": list(matter.policies),
        "scope": dict(matter.scope),
        "href": matter.href,
    }


def _request(row: Row[Any]) -> Request:
    version = Version(row.version, Digest(row.digest), row.document, row.written_by, row.made_at)
    return Request(
        id=row.id,
        matter=_matter(row, row.shown),
        rule=_rule(row.rule),
        timing=Timing(row.expires_at, row.escalates_at, row.remind_every_seconds),
        author=row.author,
        owner=row.owner,
        version=version,
        state=State(row.state),
        asked_at=row.asked_at,
        single_use=row.single_use,
        escalated_at=row.escalated_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        reminded_at=row.reminded_at,
        used_at=row.used_at,
        revision=row.revision,
    )


def _matter(row: Row[Any], shown: Mapping[str, Any]) -> Matter:
    return Matter(
        kind=row.matter,
        subject=(row.about_kind, row.about_id),
        title=shown["title"],
        document=row.document,
        consequence=shown["consequence"],
        before=shown["before"],
        checks=tuple(Check(**check) for check in shown["checks"]),
        policies=tuple(shown["policies"]),
        scope=shown["scope"],
        href=shown["href"],
    )


def _rule(kept: Mapping[str, Any]) -> Rule:
    needs = tuple(Need(**need) for need in kept["needs"])
    return Rule(**{**kept, "needs": needs})
