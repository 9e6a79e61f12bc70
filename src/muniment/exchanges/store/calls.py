"""The index of calls, and who is behind the random name of a subject."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Insert,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from muniment.core.errors import InvalidError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Repeated, Work, insert_on
from muniment.exchanges.models import Exchange, Inspected, Reached, State, Tally, Wanted
from muniment.exchanges.store.tables import calls_table, pulses_table, subjects_table

_C: Final = calls_table.c
_EQUAL: Final = (
    *("system", "environment", "caller", "state", "model", "subject", "effect", "prompt", "code"),
)
# As the indexes that hold only such calls say it, or they would not be used.
_IS_NOT_ANSWERED: Final = _C.state != literal(State.ANSWERED.value, literal_execute=True)
_HAS_SUBJECT: Final = _C.subject != literal("", literal_execute=True)
_NOT_WHOLE: Final = _C.inspected != literal(Inspected.WHOLE.value, literal_execute=True)
_UNINSPECTED: Final = (
    or_(_NOT_WHOLE, _C.inspected.is_(None)),  # of older rows nobody can tell
    _C.state != State.REFUSED.value,
)
# Built once: making a statement costs more than running it.
_ONE: Final = select(calls_table).where(_C.id == bindparam("of"))
_STANDING: Final = select(
    _C.id, _C.environment, _C.state, _C.effect, _C.findings, _C.inspected, _C.first_entry
).where(_C.id.in_(bindparam("of", expanding=True)))
_END: Final = update(calls_table).where(_C.id == bindparam("of"))
_READ: Final = 2
_DAY: Final = len("2026-11-20")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def _beginning(dialect: str) -> Insert:
    return insert_on(dialect, calls_table).on_conflict_do_nothing()


_BEGIN_ALL: Final = Repeated(_beginning, calls_table.columns.keys(), stored=True)


@lru_cache(64)
def _ending(names: frozenset[str]) -> Repeated:
    return Repeated(lambda _dialect: _END, sorted(names), stored=True)


def begin(work: Work, row: Mapping[str, Any]) -> bool:
    """Take a call into the index; tell whether it was not there."""
    return work.write(_beginning(work.dialect), row).count == 1


def end(work: Work, exchange: str, values: Mapping[str, Any]) -> bool:
    """Write down how a call ended; tell whether the index knows of it."""
    return work.write(_END, {**values, "of": exchange}).count == 1


def rows_of(work: Work, exchanges: Collection[str]) -> dict[str, dict[str, Any]]:
    """Read what decides how the rows of calls go on, of those that are there."""
    rows = work.read(_STANDING, {"of": sorted(exchanges)})
    return {row.id: dict(row._mapping) for row in rows}  # noqa: SLF001 SQLAlchemy's public name for it


def begin_all(work: Work, rows: Sequence[Mapping[str, Any]]) -> int:
    """Take calls into the index, those that have ended already among them; times are text.

    Give how many were not there.
    """
    return work.write_all(_BEGIN_ALL, rows)


def begin_rows(work: Work, rows: Sequence[Sequence[Any]]) -> int:
    """Do the same with rows whose values stand in the order of the table."""
    return work.write_rows(_BEGIN_ALL, rows)


def end_all(work: Work, ended: Mapping[str, Mapping[str, Any]]) -> None:
    """Write down how calls ended, times as text; those that say the same are written together."""
    alike: dict[frozenset[str], list[dict[str, Any]]] = {}
    for exchange, values in ended.items():
        alike.setdefault(frozenset(values), []).append({**values, "of": exchange})
    for names, rows in alike.items():
        work.write_all(_ending(names), rows)


def get(work: Work, exchange: str) -> Exchange | None:
    """Read one call."""
    row = work.read(_ONE, {"of": exchange}).one_or_none()
    return None if row is None else _exchange(row)


def find(
    work: Work,
    wanted: Wanted,
    *,
    limit: int,
    cursor: str = "",
    systems: Collection[str] | None = None,
) -> Page[Exchange]:
    """Read calls, the newest first; of these systems only, if they are named."""
    asked = _narrowed(wanted, systems).order_by(_C.first_entry.desc())
    if cursor:
        (before,) = read_cursor(cursor, 1)
        asked = asked.where(_C.first_entry < _place(before))
    rows = work.read(asked.limit(require_limit(limit) + 1)).all()
    shown = tuple(_exchange(row) for row in rows[:limit])
    more = write_cursor([shown[-1].first_entry]) if len(rows) > limit else None
    return Page(shown, more)


def after(
    work: Work, wanted: Wanted, entry: int, *, limit: int, systems: Collection[str] | None = None
) -> tuple[Exchange, ...]:
    """Read calls of which something was recorded after an entry, in the order of that."""
    asked = _narrowed(wanted, systems).where(_C.last_entry > entry)
    rows = work.read(asked.order_by(_C.last_entry).limit(require_limit(limit)))
    return tuple(_exchange(row) for row in rows)


def newest(work: Work) -> int:
    """Say after which entry of the log the index knows of no call yet."""
    found = work.read(select(func.max(_C.last_entry))).scalar_one_or_none()
    return -1 if found is None else int(found)


def _narrowed(wanted: Wanted, systems: Collection[str] | None) -> Select[Any]:
    asked = select(calls_table)
    for name in _EQUAL:
        if value := getattr(wanted, name):
            asked = asked.where(_C[name] == value)
    if wanted.state and wanted.state != State.ANSWERED.value:
        asked = asked.where(_IS_NOT_ANSWERED)
    if wanted.subject:
        asked = asked.where(_HAS_SUBJECT)
    if wanted.key:
        asked = asked.where(_C.api_key == wanted.key)
    if wanted.uninspected:
        asked = asked.where(*_UNINSPECTED)
    if wanted.since is not None:
        asked = asked.where(_C.began_at >= wanted.since)
    if wanted.until is not None:
        asked = asked.where(_C.began_at < wanted.until)
    return asked if systems is None else asked.where(_C.system.in_(sorted(systems)))


def _place(text: str | int) -> int:
    if type(text) is not int:
        raise InvalidError(
            "this cursor is not one of ours", field="cursor", remedy="Leave it out to begin."
        )
    return text


def open_before(work: Work, before: datetime, *, limit: int) -> tuple[Exchange, ...]:
    """Read calls that began before a moment and are still open, the oldest first."""
    asked = (
        select(calls_table)
        .where(_C.state == State.OPEN.value, _IS_NOT_ANSWERED, _C.began_at < before)
        .order_by(_C.first_entry)
        .limit(limit)
    )
    return tuple(_exchange(row) for row in work.read(asked))


def note_read(work: Work, at: datetime) -> None:
    """Remember that every entry up to this moment was read."""
    micros = int(at.timestamp() * 1_000_000)
    changed = work.write(
        update(pulses_table).where(pulses_table.c.id == _READ).values(number=micros)
    )
    if not changed.count:
        work.insert_if_absent(pulses_table, {"id": _READ, "number": micros})


def read_until(work: Work) -> datetime | None:
    """Say up to which moment the log was read, if it was."""
    asked = select(pulses_table.c.number).where(pulses_table.c.id == _READ)
    micros = work.read(asked).scalar_one_or_none()
    return None if micros is None else _EPOCH + timedelta(microseconds=int(micros))


def counted(
    work: Work, since: datetime, systems: Collection[str] | None = None
) -> tuple[dict[State, int], int]:
    """Count calls by their state since a moment, and those nobody looked at whole."""
    of = () if systems is None else (_C.system.in_(sorted(systems)),)
    # Sums, for grouping by state would lead through every call there ever was.
    sums = [func.sum(case((_C.state == state.value, 1), else_=0)) for state in State]
    unseen = func.sum(case((and_(*_UNINSPECTED), 1), else_=0))
    row = tuple(work.read(select(*sums, unseen).where(_C.began_at >= since, *of)).one())
    *found, many = (int(number or 0) for number in row)
    return dict(zip(State, found, strict=True)), many


def tallied(
    work: Work, since: datetime, until: datetime, systems: Collection[str] | None = None
) -> dict[str, Tally]:
    """Count calls of a span of time by their system, with what was found and done."""
    of = () if systems is None else (_C.system.in_(sorted(systems)),)
    refused, cured = (
        func.sum(case((column == value, 1), else_=0))
        for column, value in ((_C.state, State.REFUSED.value), (_C.effect, "cure"))
    )
    system: ColumnElement[Any] = _C.system.concat("")
    # Grouping by the bare column would lead through every call there ever was.
    asked = (
        select(system, func.count(), func.sum(_C.findings), refused, cured)
        .where(_C.began_at >= since, _C.began_at < until, *of)
        .group_by(system)
    )
    rows = work.read(asked).all()
    return {str(row[0]): Tally(*(int(number or 0) for number in tuple(row)[1:])) for row in rows}


def tallied_by_day(
    work: Work, since: datetime, until: datetime, systems: Collection[str] | None = None
) -> dict[str, Tally]:
    """Count calls of a span of time by their day in UTC, with what was found and done."""
    of = () if systems is None else (_C.system.in_(sorted(systems)),)
    refused, cured = (
        func.sum(case((column == value, 1), else_=0))
        for column, value in ((_C.state, State.REFUSED.value), (_C.effect, "cure"))
    )
    day: ColumnElement[Any] = func.substr(type_coerce(_C.began_at, String), 1, _DAY)
    asked = (
        select(day, func.count(), func.sum(_C.findings), refused, cured)
        .where(_C.began_at >= since, _C.began_at < until, *of)
        .group_by(day)
    )
    rows = work.read(asked).all()
    return {str(row[0]): Tally(*(int(number or 0) for number in tuple(row)[1:])) for row in rows}


def subject(work: Work, lookup: str) -> str | None:
    """Find the random name of somebody."""
    asked = select(subjects_table.c.subject).where(subjects_table.c.lookup == lookup)
    found = work.read(asked).scalar_one_or_none()
    return None if found is None else str(found)


def add_subject(work: Work, lookup: str, named: str) -> bool:
    """Give somebody a random name, unless they have one."""
    row = {"lookup": lookup, "subject": named, "made_at": work.now}
    return work.insert_if_absent(subjects_table, row)


def forget_subject(work: Work, named: str) -> bool:
    """Forget who is behind a name; tell whether somebody was."""
    return work.write(delete(subjects_table).where(subjects_table.c.subject == named)).count == 1


def _exchange(row: Row[Any]) -> Exchange:
    return Exchange(
        id=row.id,
        system=row.system,
        environment=row.environment,
        caller=row.caller,
        key=row.api_key,
        surface=row.surface,
        model=row.model,
        provider_model=row.provider_model,
        set_digest=row.set_digest,
        prompt=row.prompt,
        subject=row.subject,
        state=State(row.state),
        status=row.status,
        reached=Reached(row.reached),
        effect=row.effect,
        findings=row.findings,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        cost_micros=row.cost_micros,
        milliseconds=row.milliseconds,
        began_at=row.began_at,
        ended_at=row.ended_at,
        first_entry=row.first_entry,
        last_entry=row.last_entry,
        inspected=row.inspected or "",
        code=row.code or "",
    )
