"""The tables of calibration: configurations by digest, who uses which, and the cases.

Configurations and versions are never changed. Of a case only the text can go, and it cannot come
back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    insert,
    select,
    update,
)

from muniment.core.digest import Digest
from muniment.core.page import Page, read_cursor, write_cursor
from muniment.db import CanonicalJson, UtcTime, Work, append_only, recorded_table
from muniment.detect.models import (
    Calibration,
    Case,
    CaseId,
    CaseKind,
    Configuration,
    Figures,
    Proposal,
)
from muniment.detect.models import configurations as forms
from muniment.detect.models.proposals import measured_from

configurations_table = recorded_table(
    "detect_configurations",
    Column("digest", String(80), primary_key=True),
    Column("body", CanonicalJson, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

builds_table = recorded_table(
    "detect_builds",
    Column("build", String(200), primary_key=True),
    Column("configuration", String(80), ForeignKey("detect_configurations.digest"), nullable=False),
    Column("first_at", UtcTime, nullable=False),
)

calibrations_table = recorded_table(
    "detect_calibrations",
    Column("system", String(80), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("configuration", String(80), ForeignKey("detect_configurations.digest"), nullable=False),
    Column("owner", String(120), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("changed_by", String(120), nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("figures", CanonicalJson, nullable=False),
)

proposals_table = recorded_table(
    "detect_proposals",
    Column("id", String(40), primary_key=True),
    Column("system", String(80), nullable=False),
    Column("configuration", String(80), ForeignKey("detect_configurations.digest"), nullable=False),
    Column("previous", String(80), ForeignKey("detect_configurations.digest"), nullable=False),
    Column("owner", String(120), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("author", String(120), nullable=False),
    Column("proposed_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("figures", CanonicalJson, nullable=False),
    Column("request_id", String(40), nullable=False),
    Index(None, "system"),
)

applied_table = recorded_table(
    "detect_applied",
    Column("proposal", String(40), ForeignKey("detect_proposals.id"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("applied_by", String(120), nullable=False),
    Column("applied_at", UtcTime, nullable=False),
)

cases_table = recorded_table(
    "detect_cases",
    Column("id", String(40), primary_key=True),
    Column("system", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("type", String(64), nullable=False),
    Column("start_at", Integer, nullable=False),
    Column("end_at", Integer, nullable=False),
    Column("text", LargeBinary),
    Column("digest", String(80), nullable=False),
    Column("build", String(200), nullable=False),
    Column("reported_by", String(120), nullable=False),
    Column("reported_at", UtcTime, nullable=False),
    Column("erase_after", UtcTime, nullable=False),
    Column("erased_at", UtcTime),
    CheckConstraint("kind IN ('false_alarm', 'missed')", name="kind"),
    CheckConstraint("(text IS NULL) = (erased_at IS NOT NULL)", name="erased"),
    Index(None, "system"),
    Index(None, "erase_after"),
)

ONLY_ERASED: Final = (
    "NEW.text IS NULL AND NEW.digest = OLD.digest AND NEW.kind = OLD.kind AND NEW.type = OLD.type"
)
append_only(configurations_table)
append_only(builds_table)
append_only(calibrations_table)
append_only(proposals_table)
append_only(applied_table)
append_only(cases_table, update_when=ONLY_ERASED)


def keep_configuration(work: Work, configuration: Configuration) -> None:
    """Keep a configuration under its digest, once."""
    row = {
        "digest": configuration.digest,
        "body": forms.as_value(configuration),
        "made_at": work.now,
    }
    work.insert_if_absent(configurations_table, row)


def configuration(work: Work, digest: str) -> Configuration | None:
    """Find a configuration by its digest; one that was altered is refused."""
    query = select(configurations_table.c.body).where(configurations_table.c.digest == digest)
    body = work.read(query).scalar_one_or_none()
    return None if body is None else forms.require_same(forms.from_value(body), digest)


def keep_build(work: Work, build: str, made_from: Configuration) -> bool:
    """Keep which configuration a build was made from; tell whether that was new."""
    known = select(builds_table.c.build).where(builds_table.c.build == build)
    if work.read(known).one_or_none() is not None:
        return False
    keep_configuration(work, made_from)
    row = {"build": build, "configuration": made_from.digest, "first_at": work.now}
    return work.insert_if_absent(builds_table, row)


def configuration_of_build(work: Work, build: str) -> Configuration | None:
    """Find the configuration a build was made from."""
    query = select(builds_table.c.configuration).where(builds_table.c.build == build)
    digest = work.read(query).scalar_one_or_none()
    return None if digest is None else configuration(work, digest)


def add_calibration(work: Work, made: Calibration) -> bool:
    """Put a version down; tell whether the number was still free."""
    keep_configuration(work, made.configuration)
    figures = {
        "before": made.before.as_value(),
        "after": made.after.as_value(),
        "loosens": list(made.loosens),
    }
    row = {
        "system": made.system,
        "version": made.version,
        "configuration": made.configuration.digest,
        "owner": made.owner,
        "reason": made.reason,
        "changed_by": made.changed_by,
        "changed_at": made.changed_at,
        "expires_at": made.expires_at,
        "figures": figures,
    }
    return work.insert_if_absent(calibrations_table, row)


def calibrations(work: Work, system: str, limit: int = 50) -> tuple[Calibration, ...]:
    """List the versions of a system, the newest first."""
    table = calibrations_table
    query = (
        select(table, configurations_table.c.body)
        .join(configurations_table, configurations_table.c.digest == table.c.configuration)
        .where(table.c.system == system)
        .order_by(table.c.version.desc())
        .limit(limit)
    )
    return tuple(_calibration(row) for row in work.read(query).all())


def add_proposal(work: Work, made: Proposal) -> None:
    """Put a change request down."""
    keep_configuration(work, made.previous)
    keep_configuration(work, made.configuration)
    figures = {
        "before": made.before.as_value(),
        "after": made.after.as_value(),
        "loosens": list(made.loosens),
    }
    row = {
        "id": made.id,
        "system": made.system,
        "configuration": made.configuration.digest,
        "previous": made.previous.digest,
        "owner": made.owner,
        "reason": made.reason,
        "author": made.author,
        "proposed_at": made.proposed_at,
        "expires_at": made.expires_at,
        "figures": figures,
        "request_id": made.request_id,
    }
    work.write(insert(proposals_table).values(row))


def add_applied(work: Work, made: Proposal, version: int) -> None:
    """Put down that a change came into force, as which version."""
    row = {
        "proposal": made.id,
        "version": version,
        "applied_by": work.actor.id,
        "applied_at": work.now,
    }
    work.write(insert(applied_table).values(row))


def proposal(work: Work, proposal_id: str) -> Proposal | None:
    """Find a change request."""
    row = work.read(_PROPOSALS.where(proposals_table.c.id == proposal_id)).one_or_none()
    return None if row is None else _proposal(row)


def page_of_proposals(work: Work, system: str, limit: int, cursor: str | None) -> Page[Proposal]:
    """List change requests, the newest first, page by page."""
    query = _PROPOSALS.order_by(proposals_table.c.id.desc()).limit(limit + 1)
    if system:
        query = query.where(proposals_table.c.system == system)
    if cursor:
        query = query.where(proposals_table.c.id < str(read_cursor(cursor, 1)[0]))
    rows = [_proposal(row) for row in work.read(query).all()]
    more = len(rows) > limit
    return Page(tuple(rows[:limit]), write_cursor([rows[limit - 1].id]) if more else None)


def add_case(work: Work, case: Case) -> None:
    """Put a case down."""
    row = {
        "id": case.id,
        "system": case.system,
        "kind": case.kind.value,
        "type": case.type,
        "start_at": case.start,
        "end_at": case.end,
        "text": (case.text or "").encode("utf-8", "surrogatepass"),
        "digest": case.digest,
        "build": case.build,
        "reported_by": case.reported_by,
        "reported_at": case.reported_at,
        "erase_after": case.erase_after,
        "erased_at": None,
    }
    work.write(insert(cases_table).values(row))


def erase_case(work: Work, case: Case, at: datetime) -> Case:
    """Take the text of a case away for good."""
    work.write(
        update(cases_table).where(cases_table.c.id == case.id).values(text=None, erased_at=at)
    )
    return replace(case, text=None, erased_at=at)


def case(work: Work, case_id: str) -> Case | None:
    """Find a case."""
    row = work.read(select(cases_table).where(cases_table.c.id == case_id)).one_or_none()
    return None if row is None else _case(row)


def cases(work: Work, system: str, limit: int) -> tuple[Case, ...]:
    """List the cases of a system, the oldest first."""
    query = (
        select(cases_table)
        .where(cases_table.c.system == system)
        .order_by(cases_table.c.id)
        .limit(limit)
    )
    return tuple(_case(row) for row in work.read(query).all())


def page_of_cases(work: Work, limit: int, cursor: str | None) -> Page[Case]:
    """List cases, the newest first, page by page."""
    query = select(cases_table).order_by(cases_table.c.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(cases_table.c.id < str(read_cursor(cursor, 1)[0]))
    rows = [_case(row) for row in work.read(query).all()]
    more = len(rows) > limit
    return Page(tuple(rows[:limit]), write_cursor([rows[limit - 1].id]) if more else None)


def cases_due(work: Work, limit: int) -> tuple[Case, ...]:
    """List cases whose text has been kept long enough."""
    query = (
        select(cases_table)
        .where(cases_table.c.erased_at.is_(None), cases_table.c.erase_after <= work.now)
        .order_by(cases_table.c.erase_after)
        .limit(limit)
    )
    return tuple(_case(row) for row in work.read(query).all())


_WANTED = configurations_table.alias("wanted")
_PREVIOUS = configurations_table.alias("previous_one")
_PROPOSALS = (
    select(
        proposals_table,
        _WANTED.c.body.label("wanted_body"),
        _PREVIOUS.c.body.label("previous_body"),
        applied_table.c.version,
        applied_table.c.applied_by,
        applied_table.c.applied_at,
    )
    .join(_WANTED, _WANTED.c.digest == proposals_table.c.configuration)
    .join(_PREVIOUS, _PREVIOUS.c.digest == proposals_table.c.previous)
    .outerjoin(applied_table, applied_table.c.proposal == proposals_table.c.id)
)


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        id=row.id,
        system=row.system,
        configuration=forms.require_same(forms.from_value(row.wanted_body), row.configuration),
        previous=forms.require_same(forms.from_value(row.previous_body), row.previous),
        owner=row.owner,
        reason=row.reason,
        author=row.author,
        proposed_at=row.proposed_at,
        expires_at=row.expires_at,
        before=measured_from(row.figures["before"]),
        after=measured_from(row.figures["after"]),
        loosens=tuple(row.figures["loosens"]),
        request_id=row.request_id,
        version=row.version or 0,
        applied_by=row.applied_by or "",
        applied_at=row.applied_at,
    )


def _calibration(row: Row[Any]) -> Calibration:
    return Calibration(
        system=row.system,
        version=row.version,
        configuration=forms.require_same(forms.from_value(row.body), row.configuration),
        owner=row.owner,
        reason=row.reason,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        expires_at=row.expires_at,
        before=Figures(**row.figures["before"]),
        after=Figures(**row.figures["after"]),
        loosens=tuple(row.figures["loosens"]),
    )


def _case(row: Row[Any]) -> Case:
    return Case(
        id=CaseId(row.id),
        system=row.system,
        kind=CaseKind(row.kind),
        type=row.type,
        start=row.start_at,
        end=row.end_at,
        text=None if row.text is None else bytes(row.text).decode("utf-8", "surrogatepass"),
        digest=Digest(row.digest),
        build=row.build,
        reported_by=row.reported_by,
        reported_at=row.reported_at,
        erase_after=row.erase_after,
        erased_at=row.erased_at,
    )
