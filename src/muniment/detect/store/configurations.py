"""Configurations by digest, the builds made from them with their sheets, and who uses which."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Row,
    insert,
    select,
)

from muniment.core.digest import digest_value
from muniment.core.errors import CorruptError
from muniment.db import Work
from muniment.detect.models import (
    Calibration,
    Configuration,
    Figures,
)
from muniment.detect.models import configurations as forms
from muniment.detect.store.tables import (
    builds_table,
    calibrations_table,
    configurations_table,
    sheets_of_builds_table,
    sheets_table,
)


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


def keep_sheets(work: Work, build: str, body: list[dict[str, Any]]) -> str:
    """Keep the data sheets a build had, once for each digest; give the digest."""
    digest = digest_value(body)
    row = {"digest": digest, "body": body, "made_at": work.now}
    work.insert_if_absent(sheets_table, row)
    work.write(insert(sheets_of_builds_table).values(build=build, sheets=digest))
    return digest


def sheets_of_build(work: Work, build: str) -> list[dict[str, Any]] | None:
    """Find the data sheets a build had; altered ones are refused."""
    table = sheets_of_builds_table
    query = (
        select(sheets_table.c.digest, sheets_table.c.body)
        .join(table, table.c.sheets == sheets_table.c.digest)
        .where(table.c.build == build)
    )
    row = work.read(query).one_or_none()
    if row is None:
        return None
    if digest_value(row.body) != row.digest:
        raise CorruptError(
            "stored data sheets are not what their digest says",
            subject=row.digest,
            remedy="Restore the table detect_sheets from a backup.",
        )
    return list(row.body)


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
