"""Bundles, versions and what is in force: rows to nouns and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, func, insert, select, update

from muniment.core.digest import Digest
from muniment.core.errors import ConflictError
from muniment.db import Work
from muniment.policy.models import Bundle, Change, How, Source, Standing, Version
from muniment.policy.store.tables import (
    bundles_table,
    changes_table,
    head_table,
    requests_table,
    versions_table,
)

_HEAD: Final = "policy"
REVISION: Final = select(head_table.c.revision).where(head_table.c.name == _HEAD)
_MOST_TRIES: Final = 20


def keep_bundle(work: Work, bundle: Bundle, schema: str) -> None:
    """Keep a bundle and the schema it is valid by, under its digest, once."""
    body = {"files": [[each.name, each.text] for each in bundle.sources], "schema": schema}
    row = {"digest": bundle.digest, "body": body, "made_at": work.now}
    work.insert_if_absent(bundles_table, row)


def bundle_files(work: Work, digest: str) -> tuple[tuple[Source, ...], str] | None:
    """Find the files of a bundle, and the schema they are valid by."""
    query = select(bundles_table.c.body).where(bundles_table.c.digest == digest)
    body = work.read(query).scalar_one_or_none()
    if body is None:
        return None
    return tuple(Source(name, text) for name, text in body["files"]), body["schema"]


def add_version(work: Work, bundle: Bundle, *, based_on: int, author: str, reason: str) -> Version:
    """Put a version down under the next number; two at once get one each."""
    for _ in range(_MOST_TRIES):
        last = work.read(select(func.max(versions_table.c.number))).scalar_one()
        made = Version(
            (last or 0) + 1, bundle.digest, based_on, len(bundle.rules), author, reason, work.now
        )
        row = {
            "number": made.number,
            "bundle": made.bundle,
            "based_on": made.based_on,
            "rules": made.rules,
            "author": made.author,
            "reason": made.reason,
            "made_at": made.made_at,
        }
        if work.insert_if_absent(versions_table, row):
            return made
    raise ConflictError("too many drafts are written at once", remedy="Try again.")


def version(work: Work, number: int) -> Version | None:
    """Find a version."""
    found = work.read(_versions().where(versions_table.c.number == number)).one_or_none()
    return None if found is None else _version(found)


def has_version_of(work: Work, bundle: str) -> bool:
    """Tell whether exactly these rules were ever drafted."""
    query = _versions().where(versions_table.c.bundle == bundle).limit(1)
    return work.read(query).first() is not None


def versions(work: Work, limit: int, before: int | None = None) -> tuple[Version, ...]:
    """List versions, the newest first."""
    query = _versions().order_by(versions_table.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(versions_table.c.number < before)
    return tuple(_version(row) for row in work.read(query).all())


def add_request(work: Work, number: int, request_id: str) -> bool:
    """Keep which request asks for a yes to a version; tell whether that was new."""
    row = {"request_id": request_id, "version": number}
    return work.insert_if_absent(requests_table, row)


def standing(work: Work) -> Standing:
    """Read what is in force now."""
    found = work.read(select(head_table).where(head_table.c.name == _HEAD)).one_or_none()
    if found is None:
        return Standing()
    return Standing(found.revision, found.enforced, found.shadow)


def move(work: Work, before: Standing, after: Standing) -> None:
    """Put another standing in place of the one that was read; of two at once one is refused."""
    row = {
        "revision": after.revision,
        "enforced": after.enforced,
        "shadow": after.shadow,
    }
    if before.revision == 0:
        done = work.insert_if_absent(head_table, {"name": _HEAD, **row})
    else:
        at = (head_table.c.name == _HEAD) & (head_table.c.revision == before.revision)
        done = work.write(update(head_table).where(at).values(row)).count == 1
    if not done:
        raise ConflictError(
            "somebody else changed what is in force just now",
            remedy="Look at what is in force, then try again.",
        )


def add_change(work: Work, change: Change, after: Standing) -> None:
    """Put a change of standing down."""
    row = {
        "revision": change.revision,
        "how": change.how.value,
        "version": change.version,
        "before": change.before,
        "enforced": after.enforced,
        "shadow": after.shadow,
        "person": change.person,
        "reason": change.reason,
        "request_id": change.request_id,
        "at": change.at,
        "record_id": change.record_id,
    }
    work.write(insert(changes_table).values(row))


def changes(work: Work, limit: int) -> tuple[Change, ...]:
    """List changes of standing, the newest first."""
    query = select(changes_table).order_by(changes_table.c.revision.desc()).limit(limit)
    return tuple(_change(row) for row in work.read(query).all())


def was_enforced(work: Work, number: int) -> Change | None:
    """Find the last change that put a version in force."""
    query = (
        select(changes_table)
        .where(changes_table.c.version == number, changes_table.c.how.in_(_ENFORCING))
        .order_by(changes_table.c.revision.desc())
        .limit(1)
    )
    row = work.read(query).one_or_none()
    return None if row is None else _change(row)


def last_enforcing(work: Work, at: datetime) -> Change | None:
    """Find the change that put in force what was in force at a moment."""
    query = (
        select(changes_table)
        .where(changes_table.c.at <= at, changes_table.c.how.in_(_ENFORCING))
        .order_by(changes_table.c.revision.desc())
        .limit(1)
    )
    row = work.read(query).one_or_none()
    return None if row is None else _change(row)


def shadow_at(work: Work, at: datetime) -> int:
    """Say which version was in shadow at a moment; zero is none."""
    query = (
        select(changes_table.c.shadow)
        .where(changes_table.c.at <= at)
        .order_by(changes_table.c.revision.desc())
        .limit(1)
    )
    return int(work.read(query).scalar_one_or_none() or 0)


_ENFORCING: Final = tuple(each.value for each in How if each.enforces)


def _versions() -> Any:  # noqa: ANN401 a select
    latest = (
        select(func.max(requests_table.c.request_id))
        .where(requests_table.c.version == versions_table.c.number)
        .scalar_subquery()
    )
    return select(versions_table, func.coalesce(latest, "").label("request_id"))


def _version(row: Row[Any]) -> Version:
    return Version(
        number=row.number,
        bundle=Digest(row.bundle),
        based_on=row.based_on,
        rules=row.rules,
        author=row.author,
        reason=row.reason,
        made_at=row.made_at,
        request_id=row.request_id,
    )


def _change(row: Row[Any]) -> Change:
    return Change(
        revision=row.revision,
        how=How(row.how),
        version=row.version,
        before=row.before,
        person=row.person,
        reason=row.reason,
        request_id=row.request_id,
        at=row.at,
        record_id=row.record_id,
    )
