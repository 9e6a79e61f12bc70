"""Parts, their versions, the sets they form, and the runs and facts about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select, update

from muniment.core.digest import Digest
from muniment.core.errors import ConflictError, NotFoundError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Work
from muniment.registry.models import (
    Fact,
    Origin,
    Part,
    PartKind,
    PartVersion,
    Run,
    RunSort,
    VersionSet,
)
from muniment.registry.store.systems import salt
from muniment.registry.store.tables import (
    facts_table,
    parts_table,
    runs_table,
    sets_table,
    versions_table,
)

_PARTS = parts_table.c
_VERSIONS = versions_table.c
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class VersionQuery:
    """Which versions are wanted; nothing given means all of them."""

    system_id: str = ""
    part_id: str = ""
    digest: str = ""
    kind: PartKind | None = None
    author: str = ""
    ticket: str = ""
    commit: str = ""


def part(work: Work, system_id: str, kind: PartKind, name: str) -> Part | None:
    """Find a part of a system."""
    asked = select(parts_table).where(
        _PARTS.system_id == system_id, _PARTS.kind == kind.value, _PARTS.name == name
    )
    row = work.read(asked).one_or_none()
    return None if row is None else _part(row)


def parts_of(work: Work, system_id: str) -> tuple[Part, ...]:
    """List the parts of a system by kind and name."""
    asked = select(parts_table).where(_PARTS.system_id == system_id)
    return tuple(_part(row) for row in work.read(asked.order_by(_PARTS.kind, _PARTS.name)))


def parts_named(work: Work, text: str, *, limit: int) -> tuple[Part, ...]:
    """List parts in whose name a text stands, a few of every system."""
    asked = select(parts_table).where(_PARTS.name.icontains(text, autoescape=True))
    asked = asked.order_by(_PARTS.name, _PARTS.kind, _PARTS.system_id).limit(limit)
    return tuple(_part(row) for row in work.read(asked))


def add_part(work: Work, part: Part) -> Part:
    """Keep a new part; if somebody was quicker, theirs."""
    row = {
        "id": part.id,
        "system_id": part.system_id,
        "kind": part.kind.value,
        "name": part.name,
        "latest": part.latest,
        "revision": part.revision,
    }
    work.insert_if_absent(parts_table, row)
    found = work.read(
        select(parts_table).where(
            _PARTS.system_id == part.system_id,
            _PARTS.kind == part.kind.value,
            _PARTS.name == part.name,
        )
    ).one()
    return _part(found)


def add_version(work: Work, part: Part, version: PartVersion) -> None:
    """Keep a new version as the latest of its part; two at once do not pass."""
    moved = work.write(
        update(parts_table)
        .where(_PARTS.id == part.id, _PARTS.revision == part.revision)
        .values(latest=version.number, revision=part.revision + 1)
    )
    if moved.count != 1:
        raise ConflictError(
            f"somebody else wrote a version of {part.label} at the same moment",
            subject=part.id,
            remedy="Look at theirs, then write yours.",
        )
    row = {
        "id": version.id,
        "part_id": part.id,
        "number": version.number,
        "system_id": version.system_id,
        "kind": version.kind.value,
        "name": version.name,
        "digest": version.digest,
        "document": dict(version.document),
        "author": version.author,
        "made_at": version.made_at,
        "ticket": version.origin.ticket,
        "commit_id": version.origin.commit,
        "pull_request": version.origin.pull_request,
        "asserted": version.asserted,
        "salt": salt(),
    }
    work.write(insert(versions_table).values(row))


def version_of(work: Work, part_id: str, digest: str) -> PartVersion | None:
    """Find the version of a part that has this content."""
    asked = select(versions_table).where(_VERSIONS.part_id == part_id, _VERSIONS.digest == digest)
    row = work.read(asked).one_or_none()
    return None if row is None else _version(row)


def version_numbered(work: Work, part_id: str, number: int) -> PartVersion:
    """Find a version of a part by its number."""
    asked = select(versions_table).where(_VERSIONS.part_id == part_id, _VERSIONS.number == number)
    row = work.read(asked).one_or_none()
    if row is None:
        raise NotFoundError(
            f"there is no version {number}",
            subject=part_id,
            field="version",
            remedy="See `muniment registry versions`.",
        )
    return _version(row)


def versions(
    work: Work, query: VersionQuery, *, limit: int = 50, cursor: str | None = None
) -> Page[PartVersion]:
    """List versions, the newest first."""
    asked = select(versions_table)
    for name in ("system_id", "part_id", "digest", "author", "ticket"):
        if wanted := getattr(query, name):
            asked = asked.where(_VERSIONS[name] == wanted)
    if query.commit:
        asked = asked.where(_VERSIONS.commit_id == query.commit)
    if query.kind is not None:
        asked = asked.where(_VERSIONS.kind == query.kind.value)
    if cursor:
        asked = asked.where(_VERSIONS.id < str(read_cursor(cursor, 1)[0]))
    asked = asked.order_by(_VERSIONS.id.desc()).limit(require_limit(limit) + 1)
    rows = [_version(row) for row in work.read(asked)]
    more = write_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    return Page(tuple(rows[:limit]), more)


def every_version(work: Work, system_id: str, kind: PartKind) -> tuple[PartVersion, ...]:
    """List every version of a kind of a system, the newest first."""
    asked = select(versions_table).where(
        _VERSIONS.system_id == system_id, _VERSIONS.kind == kind.value
    )
    return tuple(_version(row) for row in work.read(asked.order_by(_VERSIONS.id.desc())))


def versions_of_systems(
    work: Work, systems: Iterable[str], kinds: Iterable[PartKind]
) -> dict[str, list[PartVersion]]:
    """List every version of some kinds of several systems, by the id of the system."""
    wanted, named = sorted(set(systems)), [each.value for each in kinds]
    found: dict[str, list[PartVersion]] = {each: [] for each in wanted}
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first : first + _AT_ONCE]
        asked = select(versions_table).where(
            _VERSIONS.system_id.in_(some), _VERSIONS.kind.in_(named)
        )
        for row in work.read(asked.order_by(_VERSIONS.id.desc())):
            found[row.system_id].append(_version(row))
    return found


def versions_with(
    work: Work, system_id: str, digests: Iterable[str]
) -> dict[tuple[str, str], PartVersion]:
    """Find several versions of a system at once, by label and digest."""
    wanted = sorted(set(digests))
    found: dict[tuple[str, str], PartVersion] = {}
    for first in range(0, len(wanted), _AT_ONCE):
        asked = select(versions_table).where(
            _VERSIONS.digest.in_(wanted[first : first + _AT_ONCE]), _VERSIONS.system_id == system_id
        )
        for row in work.read(asked):
            version = _version(row)
            found[version.label, version.digest] = version
    return found


def add_set(work: Work, made: VersionSet) -> None:
    """Keep a set, unless it is known."""
    row = {
        "digest": made.digest,
        "system_id": made.system_id,
        "versions": dict(made.versions),
    }
    work.insert_if_absent(sets_table, row)


def version_set(work: Work, digest: str) -> VersionSet:
    """Find a set by its digest."""
    found = sets_with(work, [digest])
    if digest not in found:
        raise NotFoundError(
            f"there is no version set {digest[:80]}",
            subject=digest[:80],
            field="set",
            remedy="Draft a change; it names its set.",
        )
    return found[digest]


def sets_with(work: Work, digests: Iterable[str]) -> dict[str, VersionSet]:
    """Find several sets at once."""
    wanted = sorted(set(digests))
    found = {}
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first : first + _AT_ONCE]
        for row in work.read(select(sets_table).where(sets_table.c.digest.in_(some))):
            found[row.digest] = VersionSet(row.system_id, row.versions)
    return found


def add_run(work: Work, run: Run) -> None:
    """Keep a run."""
    row = {
        "id": run.id,
        "system_id": run.system_id,
        "sort": run.sort.value,
        "about": run.of,
        "document": dict(run.document),
        "verdict": run.verdict,
        "says": run.says,
        "author": run.author,
        "made_at": run.made_at,
        "record_id": run.record_id,
        "salt": salt(),
    }
    work.write(insert(runs_table).values(row))


def run(work: Work, run_id: str) -> Run:
    """Find a run."""
    row = work.read(select(runs_table).where(runs_table.c.id == run_id)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"there is no run {run_id[:60]}",
            subject=run_id[:60],
            remedy="See `muniment registry runs`.",
        )
    return _run(row)


def runs(work: Work, system_id: str, *, of: str = "", limit: int = 200) -> tuple[Run, ...]:
    """List the runs of a system, or those of one digest, the newest first."""
    asked = select(runs_table).where(runs_table.c.system_id == system_id)
    if of:
        asked = asked.where(runs_table.c.about == of)
    return tuple(
        _run(row) for row in work.read(asked.order_by(runs_table.c.id.desc()).limit(limit))
    )


def add_fact(work: Work, fact: Fact) -> None:
    """Keep what was reported."""
    row = {
        "id": fact.id,
        "system_id": fact.system_id,
        "about": fact.about,
        "name": fact.name,
        "verdict": fact.verdict,
        "says": fact.says,
        "author": fact.author,
        "at": fact.at,
        "salt": salt(),
    }
    work.write(insert(facts_table).values(row))


def facts_about(work: Work, system_id: str, about: str) -> dict[str, Fact]:
    """Give the newest fact of each name about a digest."""
    table = facts_table
    asked = select(table).where(table.c.system_id == system_id, table.c.about == about)
    return {row.name: _fact(row) for row in work.read(asked.order_by(table.c.id))}


def _part(row: Row[Any]) -> Part:
    return Part(row.id, row.system_id, PartKind(row.kind), row.name, row.latest, row.revision)


def _version(row: Row[Any]) -> PartVersion:
    return PartVersion(
        id=row.id,
        part_id=row.part_id,
        system_id=row.system_id,
        kind=PartKind(row.kind),
        name=row.name,
        number=row.number,
        digest=Digest(row.digest),
        document=row.document,
        author=row.author,
        made_at=row.made_at,
        origin=Origin(row.ticket, row.commit_id, row.pull_request),
        asserted=row.asserted,
    )


def _run(row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        system_id=row.system_id,
        sort=RunSort(row.sort),
        of=row.about,
        document=row.document,
        verdict=row.verdict,
        says=row.says,
        author=row.author,
        made_at=row.made_at,
        record_id=row.record_id,
    )


def _fact(row: Row[Any]) -> Fact:
    return Fact(
        id=row.id,
        system_id=row.system_id,
        about=row.about,
        name=row.name,
        verdict=row.verdict,
        says=row.says,
        author=row.author,
        at=row.at,
    )
