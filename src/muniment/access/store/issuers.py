"""Who vouches for others, and which names of theirs stand for our services."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from muniment.access.models import Issuer, IssuerUse, ServiceId, Trust, Workload
from muniment.access.store.signin_tables import issuers_table as issuers
from muniment.access.store.signin_tables import workloads_table as workloads
from muniment.core.errors import ConflictError
from muniment.db import Work


def add_issuer(work: Work, issuer: Issuer) -> None:
    """Keep a new issuer."""
    work.write(
        insert(issuers).values(
            id=issuer.id, created_at=issuer.created_at, version=1, **_kept(issuer)
        )
    )


def save_issuer(work: Work, issuer: Issuer) -> None:
    """Keep what an issuer is now; whoever changed it in between wins."""
    changed = work.write(
        update(issuers)
        .where(issuers.c.id == issuer.id, issuers.c.version == issuer.version)
        .values(version=issuer.version + 1, **_kept(issuer))
    )
    if changed.count != 1:
        raise ConflictError(
            "somebody else changed this issuer meanwhile",
            subject=issuer.id,
            remedy="Read it again, then change it.",
        )


def issuer(work: Work, issuer_id: str) -> Issuer | None:
    """Find an issuer."""
    row = work.read(select(issuers).where(issuers.c.id == issuer_id)).one_or_none()
    return None if row is None else _issuer(row)


def all_issuers(work: Work) -> tuple[Issuer, ...]:
    """List every issuer, by name."""
    return tuple(_issuer(row) for row in work.read(select(issuers).order_by(issuers.c.name)))


def set_workload(work: Work, workload: Workload) -> None:
    """Let a name at an issuer stand for a service."""
    remove_workload(work, workload.issuer_id, workload.subject)
    work.write(
        insert(workloads).values(
            issuer_id=workload.issuer_id,
            subject=workload.subject,
            service_id=workload.service_id,
            claims=dict(workload.claims),
        )
    )


def remove_workload(work: Work, issuer_id: str, subject: str) -> bool:
    """Let a name at an issuer stand for nothing."""
    gone = work.write(
        delete(workloads).where(workloads.c.issuer_id == issuer_id, workloads.c.subject == subject)
    )
    return gone.count > 0


def workload(work: Work, issuer_id: str, subject: str) -> Workload | None:
    """Find the service that a name at an issuer stands for."""
    asked = select(workloads).where(
        workloads.c.issuer_id == issuer_id, workloads.c.subject == subject
    )
    row = work.read(asked).one_or_none()
    return None if row is None else _workload(row)


def all_workloads(work: Work) -> tuple[Workload, ...]:
    """List every name that stands for a service."""
    asked = select(workloads).order_by(workloads.c.issuer_id, workloads.c.subject)
    return tuple(_workload(row) for row in work.read(asked))


def _kept(issuer: Issuer) -> dict[str, Any]:
    return {
        "name": issuer.name,
        "url": issuer.url,
        "use": issuer.use.value,
        "client_id": issuer.client_id,
        "key_id": issuer.key_id,
        "sealed_secret": issuer.sealed_secret,
        "trust": issuer.trust.as_json(),
        "active": issuer.active,
    }


def _issuer(row: Row[Any]) -> Issuer:
    return Issuer(
        id=row.id,
        name=row.name,
        url=row.url,
        use=IssuerUse(row.use),
        client_id=row.client_id,
        trust=Trust.read(row.trust),
        active=row.active,
        created_at=row.created_at,
        key_id=row.key_id,
        sealed_secret=row.sealed_secret,
        version=row.version,
    )


def _workload(row: Row[Any]) -> Workload:
    claims = tuple(sorted((str(name), str(value)) for name, value in row.claims.items()))
    return Workload(row.issuer_id, row.subject, ServiceId(row.service_id), claims)
