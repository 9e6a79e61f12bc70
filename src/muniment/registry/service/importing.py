"""Brings sheets in: every bad row is told, and either all rows come in or none.

What happened before is asserted: its versions and intervals say so for ever, and never count as
recorded when they happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from muniment import access, ledger
from muniment.core.clock import parse_stamp, stamp
from muniment.core.errors import (
    ConflictError,
    InvalidError,
    MunimentError,
    NotFoundError,
)
from muniment.db import Work
from muniment.ledger.kinds.registry import HistoryAsserted, SheetImported
from muniment.registry import store
from muniment.registry.models import (
    BadRow,
    Cause,
    Deployment,
    GivenSheet,
    Origin,
    Preview,
    Share,
    SheetSort,
    Source,
    System,
    VersionSet,
)
from muniment.registry.rules import importing as rules
from muniment.registry.rules.parts import read_label, require_document
from muniment.registry.rules.profiles import read_profile, require_key, require_text
from muniment.registry.service.parts import add_version
from muniment.registry.service.standing import author_of, place_of, require_person
from muniment.registry.service.systems import register

_PEOPLE: Final = ("owner", "alert_reviewer", "change_approver")
_TOLD: Final = (InvalidError, NotFoundError, ConflictError)  # who may not is told at once
_FIRST: Final = 20


def preview(work: Work, sheet: GivenSheet) -> Preview:
    """Look at every row of a sheet; nothing is brought in."""
    _, bad = _looked_at(work, sheet)
    return Preview(sheet.sort, len(sheet.rows), bad)


def bring_in(work: Work, sheet: GivenSheet, *, reason: str) -> Preview:
    """Bring every row of a sheet in; if one of them is bad, none."""
    said = require_text(reason, "reason", longest=500, empty=False)
    ready, bad = _looked_at(work, sheet)
    if bad:
        more = len(bad) - _FIRST
        raise InvalidError(
            f"{len(bad):,} of {len(sheet.rows):,} rows cannot be brought in; none was",
            field="file",
            reasons=(*map(str, bad[:_FIRST]), *((f"and {more:,} more",) if more > 0 else ())),
            remedy="Mend these rows, then give the whole sheet again.",
        )
    for number, do in ready:
        try:
            do(said)
        except _TOLD as error:
            raise InvalidError(
                f"row {number} cannot be brought in; no row was: {error.message}",
                field="file",
                remedy=error.remedy,
            ) from error
    ledger.record(work, SheetImported(sheet.sort.value, len(sheet.rows), sheet.digest, said))
    return Preview(sheet.sort, len(sheet.rows), ())


Doing = Callable[[str], object]


@dataclass(slots=True)
class _Seen:
    """What earlier rows of the same sheet will have brought in."""

    keys: set[str] = field(default_factory=set)
    systems: dict[str, System] = field(default_factory=dict)
    intervals: list[tuple[str, str, datetime, datetime]] = field(default_factory=list)


def _looked_at(work: Work, sheet: GivenSheet) -> tuple[list[tuple[int, Doing]], tuple[BadRow, ...]]:
    look = {SheetSort.SYSTEMS: _system, SheetSort.VERSIONS: _version, SheetSort.SERVED: _served}
    seen, ready, bad = _Seen(), [], []
    if sheet.sort is SheetSort.SYSTEMS:
        access.require(work, "registry.register")
    for row in sheet.rows:
        try:
            if "" in row.cells:
                raise InvalidError(row.cells[""], remedy="Put quotes around commas.")
            ready.append((row.number, look[sheet.sort](work, row.cells, seen)))
        except _TOLD as error:
            bad.append(_bad(row.number, error))
    return ready, tuple(bad)


def _bad(number: int, error: MunimentError) -> BadRow:
    return BadRow(number, error.field, error.message, error.remedy)


def _system(work: Work, cells: Mapping[str, str], seen: _Seen) -> Doing:
    key = require_key(cells["key"])
    stated = rules.stated_of(cells)
    profile = read_profile(stated)
    for name in _PEOPLE:
        if getattr(profile, name):
            require_person(work, getattr(profile, name), name)
    if key in seen.keys or _exists(work, key):
        raise ConflictError(
            f"there is a system {key} already", field="key", remedy="Choose another key."
        )
    seen.keys.add(key)
    return lambda _reason: register(work, key, stated)


def _version(work: Work, cells: Mapping[str, str], seen: _Seen) -> Doing:
    system = _known(work, cells["system"], seen)
    access.require(work, "registry.write", place_of(system.id))
    kind, _ = read_label(cells["part"])
    document = require_document(kind, rules.document_of_row(cells))
    named = {name: cells.get(name, "") for name in ("ticket", "commit", "pull_request")}
    for name, text in named.items():
        require_text(text, name, longest=200 if name == "pull_request" else 100)
    origin = Origin(**named)
    label = cells["part"]
    return lambda _reason: add_version(
        work, system.id, label, document, origin=origin, asserted=True
    )


def _served(work: Work, cells: Mapping[str, str], seen: _Seen) -> Doing:
    system = _known(work, cells["system"], seen)
    access.require(work, "registry.correct", place_of(system.id))
    environment = cells["environment"]
    if system.profile.environment(environment) is None:
        names = ", ".join(each.name for each in system.profile.environments)
        raise InvalidError(
            f"there is no environment {environment[:60]!r}",
            field="environment",
            remedy=f"It has {names}.",
        )
    starts, ends = (_moment(cells[name], name) for name in ("starts_at", "ends_at"))
    _require_past(work, starts, ends)
    made = _set_of(work, system, rules.versions_of_row(cells["versions"]))
    _require_free(work, system, environment, starts, ends, seen)
    seen.intervals.append((system.id, environment, starts, ends))
    return lambda reason: _assert(work, system, environment, made, (starts, ends), reason)


def _assert(
    work: Work,
    system: System,
    environment: str,
    made: VersionSet,
    times: tuple[datetime, datetime],
    reason: str,
) -> None:
    starts, ends = times
    interval = Deployment(
        id=work.new_id("dep"),
        system_id=system.id,
        environment=environment,
        shares=(Share(made.digest, 100),),
        starts_at=starts,
        ends_at=ends,
        recorded_at=work.now,
        end_recorded_at=work.now,
        cause=Cause.IMPORT,
        source=Source.ASSERTED,
        reason=reason,
        author=author_of(work),
    )
    record = ledger.record(
        work,
        HistoryAsserted(
            deployment_id=interval.id,
            system_id=system.id,
            environment=environment,
            set_digest=made.digest,
            starts_at=stamp(starts),
            ends_at=stamp(ends),
        ),
    )
    store.parts.add_set(work, made)
    store.serving.add(work, replace(interval, record_id=record, end_record_id=record))


def _set_of(work: Work, system: System, named: Mapping[str, str]) -> VersionSet:
    chosen = {}
    for label, text in named.items():
        kind, name = read_label(label, "versions")
        part = store.parts.part(work, system.id, kind, name)
        if part is None or not (text.isascii() and text.isdigit() and len(text) < 10):
            raise InvalidError(
                f"{label[:110]}={text[:20]} names no version of {system.key}",
                field="versions",
                remedy="Bring its versions in first; then name them by number.",
            )
        chosen[label] = str(store.parts.version_numbered(work, part.id, int(text)).digest)
    return VersionSet(system.id, dict(sorted(chosen.items())))


def _require_past(work: Work, starts: datetime, ends: datetime) -> None:
    if starts >= ends:
        raise InvalidError("it ends before it begins", field="ends_at", remedy="Swap the times.")
    if ends > work.now:
        raise InvalidError(
            "this time is not over yet",
            field="ends_at",
            remedy="What serves now is changed by a change request.",
        )


def _require_free(
    work: Work, system: System, environment: str, starts: datetime, ends: datetime, seen: _Seen
) -> None:
    """Refuse a time in which something is known to have served already."""
    taken = any(
        (one, place) == (system.id, environment) and first < ends and starts < last
        for one, place, first, last in seen.intervals
    )
    known = store.serving.between(
        work, system.id, environment, starts, ends, known_at=work.now, limit=1
    )
    if taken or known:
        raise ConflictError(
            "something is known to have served then",
            field="starts_at",
            remedy="Correct the interval there is, or mend the times.",
        )


def _known(work: Work, key: str, seen: _Seen) -> System:
    if key not in seen.systems:
        try:
            seen.systems[key] = store.systems.get(work, key)
        except NotFoundError as error:
            raise NotFoundError(error.message, field="system", remedy=error.remedy) from None
    return seen.systems[key]


def _exists(work: Work, key: str) -> bool:
    try:
        store.systems.get(work, key)
    except NotFoundError:
        return False
    return True


def _moment(text: str, name: str) -> datetime:
    try:
        if len(text) == len("2026-03-01"):
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        return parse_stamp(text)
    except (ValueError, InvalidError) as error:
        raise InvalidError(
            f"{text[:40]!r} is not a moment", field=name, remedy="Write 2026-03-01T12:00Z."
        ) from error
